"""Log lines: for people in development, one JSON object a line elsewhere. Never personal data."""

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType

from notify_core.kernel.trace import request_id
from notify_core.registry.redact import RedactedError, loggable

# What the record class itself brings; everything else was given by the one who logs.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

# Made once: json.dumps makes one for every call that wants something else than its defaults.
_written = json.JSONEncoder(default=str, ensure_ascii=False).encode

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _RequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "request_id", None) is None:
            record.request_id = request_id.get()
        return True


class TextFormatter(logging.Formatter):
    """Time, level, logger and message. Of an error, the traceback and the harmless part of its text:
    libraries like to quote what they were given."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the library's name
        error = ei[1]
        if error is None or isinstance(error, RedactedError):
            return super().formatException(ei)
        return super().formatException(loggable(error))


class JsonFormatter(TextFormatter):
    """Time, level, logger, message, and the ids that the one who logs gave."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        given = {key: value for key, value in vars(record).items() if key not in _OWN and value is not None}
        return _written({**line, **given, **line})


def configure(log_format: str, level: int = logging.INFO) -> None:
    """Send this process's log lines to standard error."""
    # No line says where in the code, or by which process, it was written: then nobody need find out.
    logging._srcfile = None  # noqa: SLF001 - what the library's HOWTO recommends
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_RequestId())
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Says at each look at the schema that it looks.
    logging.getLogger("alembic").setLevel(max(level, logging.WARNING))
    # Says of each request that waits for a thread that it waits.
    logging.getLogger("waitress.queue").setLevel(max(level, logging.ERROR))

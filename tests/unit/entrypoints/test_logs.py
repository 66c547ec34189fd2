import json
import logging

import pytest

from notify_core.kernel.trace import request_id
from notify_core.registry.redact import loggable
from notify_entrypoints.logs import configure


class Log:
    """Logs, and reads what was written to standard error."""

    logger = logging.getLogger("notify_core.something")

    def __init__(self, capsys):
        self._capsys = capsys
        self._written = ""

    def configure(self, log_format, **how):
        configure(log_format, **how)

    def lines(self):
        self._written += self._capsys.readouterr().err
        return self._written.splitlines()

    def line(self):
        (line,) = self.lines()
        return json.loads(line)


@pytest.fixture
def log(capsys):
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    quiet = {name: logging.getLogger(name).level for name in ("alembic", "waitress.queue")}
    # What configure() replaces, it closes.
    root.handlers[:] = []
    yield Log(capsys)
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    for name, level in quiet.items():
        logging.getLogger(name).setLevel(level)


def fail():
    recipient = "someone@example.com"
    try:
        int(recipient)
    except ValueError as cause:
        raise RuntimeError(f"cannot send to {recipient}\nor +44 7700 900123") from cause


def failing(logger, *, redacted=False):
    try:
        fail()
    except RuntimeError as error:
        logger.exception("it failed", exc_info=loggable(error) if redacted else True)


class TestJson:
    def test_the_shape_of_a_line(self, log):
        log.configure("json")
        log.logger.warning("took %d %s", 3, "rows")

        line = log.line()
        assert line.pop("time").endswith("+00:00")
        assert line == {"level": "WARNING", "logger": "notify_core.something", "message": "took 3 rows"}

    def test_ids_are_fields(self, log):
        log.configure("json")
        log.logger.info("done", extra={"task_id": "t", "queue": "q", "service_id": None, "number": 4})

        line = log.line()
        assert (line["task_id"], line["queue"], line["number"]) == ("t", "q", 4)
        assert "service_id" not in line

    def test_what_is_given_cannot_take_the_place_of_what_is_always_there(self, log):
        log.configure("json")
        log.logger.info("done", extra={"level": "x", "logger": "y", "time": "z"})
        assert (log.line()["level"], log.line()["logger"]) == ("INFO", "notify_core.something")

    def test_the_request_under_way_is_named(self, log):
        log.configure("json")
        token = request_id.set("r-1")
        try:
            log.logger.info("done")
            log.logger.info("done", extra={"request_id": "r-2"})
        finally:
            request_id.reset(token)
        assert [json.loads(line)["request_id"] for line in log.lines()] == ["r-1", "r-2"]

    def test_whatever_is_given_is_one_line(self, log):
        log.configure("json")
        log.logger.info("two\nlines", extra={"thing": object()})
        assert log.line()["message"] == "two\nlines"
        assert log.line()["thing"].startswith("<object")

    @pytest.mark.parametrize("redacted", [True, False])
    def test_an_error_is_told_without_personal_data(self, log, redacted):
        log.configure("json")
        failing(log.logger, redacted=redacted)

        told = log.line()["exception"]
        assert "RuntimeError: cannot send to <address> or <number>" in told
        assert 'raise RuntimeError(f"cannot send' in told, "where it happened"
        assert "someone" not in told
        assert "invalid literal" not in told, "what caused it quotes what it was given"


class TestText:
    def test_a_line_for_people(self, log):
        log.configure("text")
        log.logger.info("served")
        (line,) = log.lines()
        assert line.endswith(" INFO    notify_core.something: served")

    def test_an_error_is_told_without_personal_data(self, log):
        log.configure("text")
        failing(log.logger)
        assert any("<address> or <number>" in line for line in log.lines())
        assert not any("someone" in line for line in log.lines())

    def test_no_error_under_way(self, log):
        log.configure("text")
        log.logger.error("nothing is the matter", exc_info=(None, None, None))
        assert log.lines()[-1] == "NoneType: None"


class TestLevels:
    def test_commands_say_themselves_what_they_have_to_say(self, log):
        log.configure("text", level=logging.WARNING)
        log.logger.info("not this")
        log.logger.warning("this")
        assert len(log.lines()) == 1

    def test_the_noisy_ones_are_quiet(self, log):
        log.configure("text")
        logging.getLogger("alembic.runtime.migration").info("Context impl SQLiteImpl.")
        logging.getLogger("waitress.queue").warning("Task queue depth is 1")
        assert log.lines() == []

    def test_again_replaces(self, log):
        log.configure("text")
        configure("json")
        log.logger.info("once")
        assert log.line()["message"] == "once"

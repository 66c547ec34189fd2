"""The process that reads one upload: the PDF on standard input; on standard output a line of JSON, then the new PDF.

The line is ``{"pages": 2, "address": ["…"]}``, or ``{"flaw": "…", "flawed_pages": [1], "pages": 2}`` and no PDF.
Standard error has mistakes of the program, never anything of what the file says.
"""

import json
import logging
import resource
import sys
import traceback
import warnings

from notify_adapters.letter_sanitiser.looking import look
from notify_adapters.letter_sanitiser.structure import cleaned
from notify_core.letters.policies import Flaw, NotPrintable


def sanitised(upload: bytes) -> tuple[dict[str, object], bytes]:
    """The answer's line and PDF."""
    try:
        pdf, pages = cleaned(upload)
        return {"pages": pages, "address": look(pdf, pages)}, pdf
    except NotPrintable as refused:
        return _refusal(refused), b""
    except MemoryError:
        return _refusal(NotPrintable(Flaw.TOO_COMPLEX)), b""
    except Exception as error:  # noqa: BLE001 - of all that can be wrong with a PDF, libraries name a part
        place = traceback.extract_tb(error.__traceback__)[-1]
        sys.stderr.write(f"{type(error).__name__} at {place.filename}:{place.lineno}\n")
        return _refusal(NotPrintable(Flaw.UNREADABLE)), b""


def _refusal(refused: NotPrintable) -> dict[str, object]:
    return {"flaw": refused.flaw, "flawed_pages": refused.pages, "pages": refused.page_count}


def limit(cpu_seconds: int, memory: int) -> None:
    """What this process may take, ``memory`` in bytes; nothing of it comes back."""
    # The hard limit a second later: the first signal says why.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # It writes no files, not even a core.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(cpu_seconds: str, memory: str) -> None:
    limit(int(cpu_seconds), int(memory))
    # Libraries quote what they warn of.
    logging.disable()
    warnings.simplefilter("ignore")
    line, pdf = sanitised(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n" + pdf)


if __name__ == "__main__":
    main(*sys.argv[1:])

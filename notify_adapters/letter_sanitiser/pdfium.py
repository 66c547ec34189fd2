"""qpdf and PDFium, in a process of their own for each upload.

Both are written in C++ and read what anybody uploads. So they get a process that has no secrets in its environment,
little memory and little time, and whose end, however ugly, harms nobody.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from signal import Signals
from typing import Final

from notify_adapters.options import integer, known, seconds
from notify_core.kernel.errors import TransientError
from notify_core.letters.policies import Flaw, NotPrintable
from notify_core.letters.ports import LetterSanitiser, SanitisedLetter

# Only the child imports them; who chooses this adapter without them should hear of it before the first letter.
for _library in ("pikepdf", "pypdfium2", "PIL"):
    if find_spec(_library) is None:
        raise ModuleNotFoundError(f"there is no library {_library}", name=_library)

OPTIONS: Mapping[str, str] = {
    "cpu_seconds": "seconds of computing after which a file counts as too complex (20)",
    "memory": "MiB that reading a file may take (1024)",
    "timeout": "seconds until an answer must be there, on however busy a machine (120)",
}

_MIB: Final = 1024 * 1024
# How a process ends that has met a limit or a mistake in the libraries. Others (SIGKILL, SIGTERM) come from outside.
_BY_THE_FILE: Final = frozenset(
    -number
    for number in (
        Signals.SIGABRT,
        Signals.SIGBUS,
        Signals.SIGFPE,
        Signals.SIGILL,
        Signals.SIGSEGV,
        Signals.SIGTRAP,
        Signals.SIGXCPU,
    )
)

_log = logging.getLogger(__name__)


class PdfiumSanitiser:
    def __init__(self, *, cpu_seconds: int = 20, memory: int = 1024, timeout: float = 120) -> None:
        """``memory`` in MiB."""
        limits = (str(cpu_seconds), str(memory * _MIB))
        # -I: whatever this process was started with, Python looks for modules where it is installed.
        self._command = [sys.executable, "-I", "-m", "notify_adapters.letter_sanitiser.child", *limits]
        self._timeout = timeout

    def check_ready(self) -> None:
        """Whether there are a process and its libraries to be had: they can tell that nothing is no PDF.

        :raises TransientError: there are not.
        """
        with suppress(NotPrintable):
            self.sanitise(b"")

    def sanitise(self, upload: bytes) -> SanitisedLetter:
        try:
            ran = subprocess.run(  # noqa: S603 - our own module; the upload is its input
                self._command, input=upload, capture_output=True, timeout=self._timeout, env={}, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise TransientError(f"an uploaded letter was not read within {self._timeout:g} seconds") from error
        except OSError as error:
            raise TransientError(f"uploaded letters cannot be read now: {error.strerror}") from error
        said = ran.stderr.decode("utf-8", "replace").strip()
        if said:
            _log.warning("reading an uploaded letter: %s", said)
        if ran.returncode in _BY_THE_FILE:
            _log.warning("reading an uploaded letter ended with %s", Signals(-ran.returncode).name)
            raise NotPrintable(Flaw.TOO_COMPLEX)
        if ran.returncode:
            raise TransientError(f"reading an uploaded letter ended with status {ran.returncode}")
        return _answer(ran.stdout)


def _answer(written: bytes) -> SanitisedLetter:
    """A line of JSON, and the PDF where there is one; see ``child.py``."""
    line, _, pdf = written.partition(b"\n")
    says = json.loads(line)
    if "flaw" in says:
        raise NotPrintable(Flaw(says["flaw"]), says["flawed_pages"], says["pages"])
    return SanitisedLetter(pdf, says["pages"], tuple(says["address"]))


def build(options: Mapping[str, str]) -> LetterSanitiser:
    known(options, *OPTIONS)
    return PdfiumSanitiser(
        cpu_seconds=integer(options, "cpu_seconds", 20, minimum=1),
        memory=integer(options, "memory", 1024, minimum=256),
        timeout=seconds(options, "timeout", 120),
    )

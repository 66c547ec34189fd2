"""Errors as text that may be logged and kept: without what might be somebody's address or number."""

import re
from types import TracebackType

LONGEST_TEXT = 300

# A UUID is told apart first: its digits are not a telephone number, and it is what people search for.
_REVEALING = re.compile(
    r"(?P<id>\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b)"
    r"|(?P<address>[^\s\"'<>@]+@[^\s\"'<>@]+)"
    r"|(?P<number>\+?\(?\d(?:[\s().-]{0,2}\d){6,})",
    re.IGNORECASE,
)


class RedactedError(Exception):
    """Stands for an error in a log: its traceback, its type, and what of its text is harmless."""


def redact(text: str) -> str:
    """``text`` on one line, shortened, without email addresses and long numbers. What nobody can see is left
    out first: it might part a number, command a terminal, or keep the text out of a database."""
    visible = "".join(character for character in text if character.isprintable() or character.isspace())
    plain = _REVEALING.sub(_harmless, " ".join(visible.split()))
    return plain if len(plain) <= LONGEST_TEXT else plain[: LONGEST_TEXT - 1] + "…"


def reason_of(error: BaseException) -> str:
    """Why work failed, for operators: the error's type and its redacted text."""
    text = redact(str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def loggable(error: BaseException) -> tuple[type[BaseException], BaseException, TracebackType | None]:
    """What to give a logger as ``exc_info``. The causes behind the error are left out: libraries
    like to put what they were given, hence recipients and content, into theirs."""
    redacted = RedactedError(reason_of(error))
    return RedactedError, redacted, error.__traceback__


def _harmless(found: re.Match[str]) -> str:
    return found["id"] or ("<address>" if found["address"] else "<number>")

"""The white space people did not mean."""

import re

# The look-behinds let a run of blanks be tried once, not from each of its blanks.
_BEFORE_PUNCTUATION = re.compile(r"(?<=\S)[^\S\n]+(?=[,.;:!?…])")
_LINE_END = re.compile(r"(?<![^\S\n])[^\S\n]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")
_WITHIN_LINE = re.compile(r"[^\S\n]+")


def tidy(text: str) -> str:
    """Ends trimmed, no white space before punctuation or at line ends, one blank line at most."""
    # What is printable has no white space but blanks, so that it is one line.
    shorter = text.rstrip() if text.isprintable() else _LINE_END.sub("", text)
    return _BLANK_LINES.sub("\n\n", _BEFORE_PUNCTUATION.sub("", shorter)).strip()


def collapse(text: str) -> str:
    """No indentation, no runs of blanks within lines, one blank line at most, ends trimmed."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    lines = (line.strip() for line in _WITHIN_LINE.sub(" ", text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def tidy_lines(text: str) -> str:
    """:func:`tidy` and :func:`collapse` together."""
    return tidy(collapse(text))


def one_line(text: str) -> str:
    """As :func:`tidy_lines`, with line breaks become blanks."""
    return tidy(" ".join(text.split()))

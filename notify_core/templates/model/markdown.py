"""The few marks that email templates know, as a tree that HTML, plain text and paper are made of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Put before each line of a sender's value, so that no value begins a heading, list, inset or rule; and
# what its brackets are until the output is written, so that no value makes or ends a link.
GUARD = "\ufdd0"
_BRACKETS, _STAND_INS = "[]()", "\ufdd1\ufdd2\ufdd3\ufdd4"
_PROTECT = str.maketrans(_BRACKETS, _STAND_INS)
_RESTORE = str.maketrans(_STAND_INS, _BRACKETS, GUARD)

_HEADING = re.compile(r"(#{1,6})\s+(.+)")
_BULLET = re.compile(r"(?:[*•-]\s+|•)(.+)")
_NUMBER = re.compile(r"\d{1,9}\.\s+(.+)")
_INSET = re.compile(r"\^\s*(.+)")
_RULE = re.compile(r"-{3,}|\*{3,}|_{3,}")
_LINK = re.compile(
    rf"""\[(?P<label>[^\[\]]+)\]\({GUARD}?(?P<target>https?://[^\s()<>"]+)\)|(?P<bare>https?://[^\s<>"\[\]]+)"""
)
_AFTER_URL = tuple(".,;:!?'")


@dataclass(frozen=True, slots=True)
class Link:
    """``url`` begins with ``http://`` or ``https://``; ``label`` is None where only the URL was written."""

    url: str
    label: str | None = None


Inline = tuple[str | Link, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: Inline


@dataclass(frozen=True, slots=True)
class Paragraph:
    lines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list with bullets, or numbers from 1."""

    items: tuple[Inline, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class Inset:
    lines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    pass


Block = Heading | Paragraph | Items | Inset | Rule


def protected(value: str) -> str:
    """A sender's value as it may be put into a template's text: nothing in it is a mark."""
    lines = value.translate(_PROTECT).split("\n")
    return "\n".join(GUARD + line if line.strip() else "" for line in lines)


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a template's text. Any text is one; what is no mark is a paragraph."""
    return tuple(_joined(run) for run in _runs(text))


def _runs(text: str) -> Iterator[list[Block]]:
    """One block for each line, those together that are one block."""
    run: list[Block] = []
    blank_between = False
    for line in (line.strip() for line in text.split("\n")):
        if line:
            block = _block(line)
            if run and not _continues(run[-1], block, blank_between=blank_between):
                yield run
                run = []
            run.append(block)
        blank_between = not line
    if run:
        yield run


def _block(line: str) -> Block:
    if _RULE.fullmatch(line):
        return Rule()
    if match := _HEADING.fullmatch(line):
        return Heading(len(match[1]), inline(match[2]))
    if match := _BULLET.fullmatch(line):
        return Items((inline(match[1]),), numbered=False)
    if match := _NUMBER.fullmatch(line):
        return Items((inline(match[1]),), numbered=True)
    if match := _INSET.fullmatch(line):
        return Inset((inline(match[1]),))
    return Paragraph((inline(line),))


def _continues(before: Block, block: Block, *, blank_between: bool) -> bool:
    match before, block:
        case Items(), Items():
            return before.numbered == block.numbered
        case (Paragraph(), Paragraph()) | (Inset(), Inset()):
            return not blank_between
    return False


def _joined(run: list[Block]) -> Block:
    match run[0]:
        case Items(numbered=numbered):
            return Items(tuple(i for block in run if isinstance(block, Items) for i in block.items), numbered)
        case Paragraph():
            return Paragraph(tuple(line for block in run if isinstance(block, Paragraph) for line in block.lines))
        case Inset():
            return Inset(tuple(line for block in run if isinstance(block, Inset) for line in block.lines))
    return run[0]


def inline(line: str) -> Inline:
    """The texts and links in a line. Only ``http`` and ``https`` make links."""
    parts: list[str | Link] = []
    end = 0
    for match in _LINK.finditer(line):
        label = match["label"]
        raw = match["target"] if label else _without_sentence_end(match["bare"])
        parts.append(_restored(line[end : match.start()]))
        parts.append(Link(_restored(raw), _restored(label) if label else None))
        end = match.end() if label else match.start() + len(raw)
    parts.append(_restored(line[end:]))
    return tuple(part for part in parts if part)


def _without_sentence_end(url: str) -> str:
    """A bare URL without the punctuation that belongs to the sentence around it."""
    opening, closing = "(" + _STAND_INS[2], ")" + _STAND_INS[3]
    surplus = sum(map(url.count, closing)) - sum(map(url.count, opening))
    while url.endswith(_AFTER_URL) or (surplus > 0 and url.endswith(tuple(closing))):
        surplus -= url.endswith(tuple(closing))
        url = url[:-1]
    return url


def _restored(text: str) -> str:
    return text.translate(_RESTORE)

"""The subject and the body of a letter as rows: what stands on one line, how large, and with which space around."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from notify_adapters.letter_renderer.faces import printable
from notify_adapters.letter_renderer.lines import Line, Run, width_of, wrap
from notify_core.letters.policies.content import LetterContent
from notify_core.templates.model.markdown import Block, Heading, Inline, Inset, Items, Link, Paragraph, Rule


@dataclass(frozen=True, slots=True)
class Style:
    """In points. ``before`` is the space above the first row, none at the top of a page."""

    size: float
    leading: float
    before: float
    bold: bool = False


SUBJECT: Final = Style(15, 19, 0, bold=True)
TEXT: Final = Style(11, 15, 9)
ITEM: Final = Style(11, 15, 3)
HEADINGS: Final = {1: Style(13, 17, 16, bold=True)}
SMALLER_HEADING: Final = Style(11, 15, 14, bold=True)
RULE: Final = Style(11, 9, 12)

_INSET_INDENT: Final = 14.0
_LIST_INDENT: Final = 20.0
_AFTER_MARK: Final = 7.0

# More rows than the most pages hold: what follows is not laid out, since the letter will be refused.
_ENOUGH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """The text begins at ``indent``, ``mark`` ends a little before that. ``keep``: the next row is on the same page."""

    line: Line
    style: Style
    before: float = 0
    indent: float = 0
    mark: Line = ()
    bar: bool = False
    rule: bool = False
    keep: bool = False

    @property
    def mark_at(self) -> float:
        return self.indent - _AFTER_MARK - width_of(self.mark, self.style.size)


def rows_of(content: LetterContent, width: float) -> Iterator[Row]:
    """Rows of at most ``width`` points; made as they are asked for."""
    yield from _heading(SUBJECT, [Run(printable(content.subject), bold=True)], width)
    for block in content.body:
        yield from _block(block, width)


def _block(block: Block, width: float) -> Iterable[Row]:
    match block:
        case Heading(level, text):
            style = HEADINGS.get(level, SMALLER_HEADING)
            return _heading(style, _runs(text, is_bold=True), width)
        case Items():
            return _items(block, width)
        case Inset(lines):
            return _unbroken_ends([replace(row, bar=True) for row in _text(lines, width, _INSET_INDENT)])
        case Rule():
            return [Row((), RULE, RULE.before, rule=True)]
        case Paragraph(lines):
            return _unbroken_ends(_text(lines, width))


def _heading(style: Style, runs: Iterable[Run], width: float) -> Iterator[Row]:
    """Stays with what it is above."""
    for number, line in enumerate(islice(wrap(runs, style.size, width), _ENOUGH)):
        yield Row(line, style, 0 if number else style.before, keep=True)


def _text(lines: Iterable[Inline], width: float, indent: float = 0) -> list[Row]:
    wrapped = (line for inline in lines for line in wrap(_runs(inline), TEXT.size, width - indent))
    return [
        Row(line, TEXT, 0 if number else TEXT.before, indent) for number, line in enumerate(islice(wrapped, _ENOUGH))
    ]


def _items(block: Items, width: float) -> Iterator[Row]:
    marks = [(Run(f"{number}." if block.numbered else "•"),) for number in range(1, len(block.items) + 1)]
    indent = max(_LIST_INDENT, width_of(marks[-1], ITEM.size) + _AFTER_MARK)
    for number, (mark, item) in enumerate(zip(marks, block.items, strict=True)):
        wrapped = islice(wrap(_runs(item), ITEM.size, width - indent), _ENOUGH)
        before = ITEM.before if number else TEXT.before
        rows = [Row(line, ITEM, 0 if later else before, indent) for later, line in enumerate(wrapped)]
        first, *others = rows or [Row((), ITEM, before, indent)]
        yield from _unbroken_ends([replace(first, mark=mark), *others])


def _unbroken_ends(rows: Sequence[Row]) -> Iterator[Row]:
    """The same, neither their first nor their last alone on a page."""
    last = len(rows) - 1
    for number, row in enumerate(rows):
        yield replace(row, keep=True) if number < last and number in {0, last - 1} else row


def _runs(inline: Inline, *, is_bold: bool = False) -> list[Run]:
    """Of a link, what is to be typed: readers of paper cannot follow it."""
    runs: list[Run] = []
    for part in inline:
        match part:
            case Link(url, None):
                runs.append(Run(_typed(url), bold=True))
            case Link(url, str(label)):
                runs += [Run(f"{printable(label)} (", is_bold), Run(_typed(url), bold=True), Run(")", is_bold)]
            case str(text):
                runs.append(Run(printable(text), is_bold))
    return runs


def _typed(url: str) -> str:
    return printable(url.removeprefix("https://"))

"""Distributing rows over pages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from notify_adapters.letter_renderer.rows import Row
from notify_core.letters.policies.printable import MOST_PAGES
from notify_core.letters.ports import LetterUnprintable

# Rows that want to be together are, unless they are more than this: headings, without anything between.
_LONGEST_GROUP: Final = 12


@dataclass(frozen=True, slots=True)
class Placed:
    """``top`` is in points from the top of the page."""

    row: Row
    top: float


@dataclass
class _Pages:
    """All in points from the top of a page: where the first begins, where the others do, and where all end."""

    y: float
    top: float
    bottom: float
    pages: list[list[Placed]] = field(default_factory=lambda: [[]])

    def put(self, group: Sequence[Row]) -> None:
        height = sum(row.before + row.style.leading for row in group)
        if self._overflows(height):
            self._turn()
        for row in group:
            if self._overflows(row.before + row.style.leading):
                self._turn()
            self.y += row.before if self.pages[-1] else 0
            self.pages[-1].append(Placed(row, self.y))
            self.y += row.style.leading

    def _overflows(self, height: float) -> bool:
        """Whether so much is too much for this page, and another would help."""
        return self.y + height > self.bottom and self.y > self.top

    def _turn(self) -> None:
        if len(self.pages) == MOST_PAGES:
            raise LetterUnprintable(f"The letter would have more than {MOST_PAGES} pages")
        self.pages.append([])
        self.y = self.top


def paginate(rows: Iterable[Row], *, start: float, top: float, bottom: float) -> list[list[Placed]]:
    """Pages of rows, at least one page. The first begins at ``start``.

    :raises LetterUnprintable: they are too many.
    """
    pages = _Pages(start, top, bottom)
    for group in _groups(rows):
        pages.put(group)
    return pages.pages


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows that stay on one page."""
    group: list[Row] = []
    for row in rows:
        group.append(row)
        if not row.keep or len(group) == _LONGEST_GROUP:
            yield group
            group = []
    if group:
        yield group

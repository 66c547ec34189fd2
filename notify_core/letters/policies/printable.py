"""Where on a page what may stand. Rendering writes by these figures, checking uploads reads by the same.

All are millimetres from the left and the top edge of an A4 page in portrait.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a page, its edges included."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def holds(self, other: "Area") -> bool:
        """Whether all of ``other`` lies within."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: "Area") -> bool:
        """Whether the two have more than an edge in common."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


# ISO 216.
A4: Final = Area(0, 0, 210, 297)

# Five sheets, printed on both sides: what a folding machine takes for a small envelope.
MOST_PAGES: Final = 10

# Nothing may be printed nearer to the edges: rollers grip the sides, and marks that tell the folding machine which
# sheets belong together go there.
PRINTABLE: Final = Area(15, 5, 195, 292)

# What shows through the window of a DL envelope, wherever in it the folded sheet has slid to. Seven lines fit.
ADDRESS_WINDOW: Final = Area(24.6, 39.5, 120, 66.3)

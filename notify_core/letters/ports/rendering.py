"""Putting letters on paper."""

from dataclasses import dataclass, field
from typing import Protocol

from notify_core.kernel.errors import PermanentError
from notify_core.letters.policies.content import LetterContent


class LetterUnprintable(PermanentError):
    """No letter can be made of this content. The message says why, and repeats nothing of the content."""


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """``pages``, at least one, are the sides that are printed."""

    pdf: bytes = field(repr=False)
    pages: int


class LetterRenderer(Protocol):
    def render(self, content: LetterContent) -> RenderedLetter:
        """A PDF of A4 pages as the printer takes them (``letters.policies.printable``): the address in the window,
        the contact block beside it, then date, subject and body, and on each page its number; fonts are in the
        file. The same content makes the same bytes.

        Any text is printed: of characters that it cannot show, those that control are left out, and others are
        shown as such; what is too long for a line is broken.

        :raises LetterUnprintable: it would have more than ``MOST_PAGES``, or its address does not fit into the
            window, or its contact block not onto the page.
        """
        ...

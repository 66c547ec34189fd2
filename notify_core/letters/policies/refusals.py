"""Why an uploaded letter cannot be printed, in the sender's words.

The codes are what applications know a refusal by, so they stay; the sentences may become better.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.letters.policies.printable import ADDRESS_WINDOW, MOST_PAGES, PRINTABLE
from notify_core.recipients.model import postal_address as addresses


class Flaw(StrEnum):
    """What can be wrong with an upload, in the order in which it is looked for."""

    UNREADABLE = "unable-to-read-the-file"
    TOO_COMPLEX = "file-too-complex"
    PASSWORD = "password-protected"  # noqa: S105 - a reason
    NO_PAGES = "letter-has-no-pages"
    TOO_LONG = "letter-too-long"
    DYNAMIC_FORM = "interactive-form"
    NOT_A4 = "letter-not-a4-portrait-oriented"
    FONTS = "fonts-not-embedded"
    OUTSIDE = "content-outside-printable-area"
    NO_ADDRESS = "address-is-empty"
    FEW_LINES = "not-enough-address-lines"
    MANY_LINES = "too-many-address-lines"
    NOBODY = "address-without-a-name"
    BFPO_ABROAD = "has-country-for-bfpo-address"
    NO_POSTCODE = "not-a-real-uk-postcode"
    NO_LAST_LINE = "not-a-real-uk-postcode-or-country"
    BAD_START = "invalid-char-in-address"


_MARGINS: Final = f"{PRINTABLE.left:g} mm from the sides and {PRINTABLE.top:g} mm from the top and bottom"
_WINDOW: Final = (
    f"{ADDRESS_WINDOW.left:g} to {ADDRESS_WINDOW.right:g} mm from the left and "
    f"{ADDRESS_WINDOW.top:g} to {ADDRESS_WINDOW.bottom:g} mm from the top of page 1"
)

MESSAGES: Final[Mapping[Flaw, str]] = MappingProxyType(
    {
        Flaw.UNREADABLE: "The file cannot be read. Save your letter as a PDF again and upload that.",
        Flaw.TOO_COMPLEX: "The file is too complex to be printed. Save it with fewer or smaller pictures.",
        Flaw.PASSWORD: "The file is protected by a password. Save it without one.",
        Flaw.NO_PAGES: "The letter has no pages.",
        Flaw.TOO_LONG: f"Letters must be {MOST_PAGES} pages or less.",
        Flaw.DYNAMIC_FORM: "The file is a form that only some programs can show. Print it to a PDF and upload that.",
        Flaw.NOT_A4: "Every page must be A4 portrait (210 by 297 mm).",
        Flaw.FONTS: "Fonts must be embedded in the file, or the letter would be printed in others.",
        Flaw.OUTSIDE: f"Nothing may be printed nearer than {_MARGINS}.",
        Flaw.NO_ADDRESS: f"There is no address where the envelope's window is: {_WINDOW}. It must be text, no picture.",
        # What a sender of a templated letter is told as well.
        Flaw.FEW_LINES: addresses.TOO_FEW_LINES,
        Flaw.MANY_LINES: addresses.TOO_MANY_LINES,
        Flaw.NOBODY: addresses.NOBODY,
        Flaw.BFPO_ABROAD: addresses.BFPO_ABROAD,
        Flaw.NO_POSTCODE: addresses.NO_POSTCODE,
        Flaw.NO_LAST_LINE: addresses.NO_LAST_LINE,
        Flaw.BAD_START: addresses.BAD_START,
    }
)
_BY_MESSAGE: Final = {message: flaw for flaw, message in MESSAGES.items()}
_ADDRESS_IS_ON: Final = (1,)


class NotPrintable(NotAllowed):
    """An upload cannot be printed. ``pages`` are those at fault, counted from 1; none where it is the whole file.
    ``page_count`` is None where nobody could count them."""

    def __init__(self, flaw: Flaw, pages: Sequence[int] = (), page_count: int | None = None) -> None:
        super().__init__(MESSAGES[flaw])
        self.flaw = flaw
        self.pages = tuple(pages)
        self.page_count = page_count

    @classmethod
    def for_address(cls, error: InvalidValue, page_count: int) -> "NotPrintable":
        """What :class:`~notify_core.recipients.model.PostalAddress` says against the address in the window."""
        return cls(_BY_MESSAGE[str(error)], _ADDRESS_IS_ON, page_count)

"""Looking whether an uploaded letter can be printed."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SanitisedLetter:
    """``pdf`` prints as the upload does and has nothing else in it. ``address`` are the lines in the envelope's
    window, as they stand there; at least one."""

    pdf: bytes = field(repr=False)
    pages: int
    address: tuple[str, ...] = field(repr=False)


class LetterSanitiser(Protocol):
    """Whoever uploads may be anybody: an upload that makes its reader hang, grow or crash must harm nothing else."""

    def sanitise(self, upload: bytes) -> SanitisedLetter:
        """The same upload gives the same answer, byte for byte. Whether a letter can be sent to the address in it
        is not asked here.

        :raises NotPrintable: it cannot be printed; says why, and on which pages (``policies.refusals``).
        :raises TransientError: this machine cannot look now.
        """
        ...

"""Who prints."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AtPrinter:
    """Sizes of a zip at the printer's; None: it is not there. ``incoming``: what was uploaded and is not for printing
    yet; ``released``: what is, until the printer takes it away."""

    incoming: int | None
    released: int | None


class LetterPrinter(Protocol):
    """A place where a printer fetches zips. While one is uploaded it has the name ``<zip>.tmp``, which the printer
    leaves alone.

    Every method raises TransientError when the printer is not there now, PermanentError when it refuses us (or is
    not who it should be).
    """

    @property
    def name(self) -> str:
        """What records call it."""
        ...

    def look(self, zip_name: str) -> AtPrinter:
        """What is there of a zip."""
        ...

    def upload(self, zip_name: str, pieces: Iterable[bytes]) -> None:
        """Bring the pieces, as they come, and replace what an earlier upload left behind. Whatever raises, also
        ``pieces``, nothing is released."""
        ...

    def release(self, zip_name: str) -> None:
        """Give what was uploaded its name. Nothing happens where nothing was: it may have been released before.

        :raises PermanentError: another file has that name.
        """
        ...

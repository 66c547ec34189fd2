"""What goes to the printer in an evening."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model.letter import Location, Postage


@dataclass(frozen=True, slots=True)
class Volume:
    """How much there is to print."""

    letters: int = 0
    sheets: int = 0

    def __add__(self, other: "Volume") -> "Volume":
        return Volume(self.letters + other.letters, self.sheets + other.sheets)


@dataclass(frozen=True, slots=True)
class PrintRun:
    """One evening's printing: the letters created before ``deadline``, which no other run has. ``volumes`` is what
    was due when it began."""

    deadline: datetime
    started_at: datetime
    volumes: Mapping[Postage, Volume] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Printed:
    """What the zips of a run have in them; ``sent`` of them are sent."""

    zips: int
    sent: int
    volume: Volume


@dataclass(frozen=True, slots=True)
class LetterToPrint:
    """What a print run knows of a letter; ``pdf`` and ``pdf_bytes`` are None until its file is made."""

    id: NotificationId
    service_id: ServiceId
    file_reference: str
    created_at: datetime
    sheets: int
    pdf: Location | None = None
    pdf_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class PrintGroup:
    """Letters of one service and postage that travel in one zip.

    ``number`` counts the groups of a run's postage from 1; ``keys`` are the letters' files in the order of the zip,
    ``pdf_bytes`` their sizes together. ``zip_bytes`` and ``checksum`` (SHA-256, hexadecimal) are the zip's, known
    since it lay whole at the printer's, at ``uploaded_at``; from ``sent_at`` the letters count as sent.
    """

    zip_name: str
    deadline: datetime
    postage: Postage
    number: int
    service_id: ServiceId
    keys: tuple[str, ...]
    sheets: int
    pdf_bytes: int
    zip_bytes: int | None = None
    checksum: str | None = None
    uploaded_at: datetime | None = None
    sent_at: datetime | None = None
    sent_by: str | None = None

    @property
    def letters(self) -> int:
        return len(self.keys)

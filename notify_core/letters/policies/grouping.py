"""Which letters share a zip, and what it is called. Source: letters.md, section 5, points 4 and 5."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha512
from typing import Final

from notify_core.kernel.calendar import london_date
from notify_core.kernel.ids import ServiceId
from notify_core.letters.model import LetterToPrint, Postage
from notify_core.letters.policies.naming import POSTAGE_CLASSES, day_folder, reference_in

MOST_BYTES: Final = 40 * 1024 * 1024
MOST_LETTERS: Final = 500
_HASH: Final = 20


def is_pdf(key: str) -> bool:
    return key.lower().endswith(".pdf")


def reference_of_pdf(key: str) -> str | None:
    """The file reference in the name of a letter's PDF, of either form; None: it is no letter's, or no PDF."""
    return reference_in(key) if is_pdf(key) else None


def grouped(letters: Iterable[LetterToPrint]) -> Iterator[Sequence[LetterToPrint]]:
    """``letters`` in their order, as many in a group as go together; never none. Those without a PDF are left out.

    A group has one service's letters, at most ``MOST_LETTERS`` and ``MOST_BYTES``; a letter that is larger is alone.
    """
    group: list[LetterToPrint] = []
    size = 0
    for letter in letters:
        if letter.pdf is None or letter.pdf_bytes is None or not is_pdf(letter.pdf.key):
            continue
        full = len(group) == MOST_LETTERS or size + letter.pdf_bytes > MOST_BYTES
        if group and (full or letter.service_id != group[-1].service_id):
            yield group
            group, size = [], 0
        group.append(letter)
        size += letter.pdf_bytes
    if group:
        yield group


def zip_name(deadline: datetime, postage: Postage, number: int, service_id: ServiceId, keys: Sequence[str]) -> str:
    """``NOTIFY.2026-01-05.2.001.<hash of the keys>.<service>.ZIP``, with the day of the deadline in London."""
    digest = urlsafe_b64encode(sha512("".join(keys).encode()).digest()).decode()
    day = london_date(deadline).isoformat()
    return f"NOTIFY.{day}.{POSTAGE_CLASSES[postage]}.{number:03}.{digest[:_HASH]}.{service_id}.ZIP"


def marker_of(deadline: datetime, name: str) -> str:
    """The key of the marker which says that a zip was sent."""
    return f"{day_folder(london_date(deadline))}zips_sent/{name}.TXT"


def searched_one_by_one(due: int, files: int) -> bool:
    """Whether ``due`` letters are looked up in their folder one by one, a request each, rather than by listing its
    ``files``, a request for every 1,000. Of two letters it is not asked: the folder may have more than is known."""
    return due <= _FEW or due <= -(-files // _PAGE)


_FEW: Final = 2
_PAGE: Final = 1000

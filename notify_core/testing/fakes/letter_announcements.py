"""Announcements of response files: the names, a line each, signed by a shared word in a header."""

from collections.abc import Sequence
from dataclasses import dataclass

from notify_core.notifications.ports import ReceiptForged, ReceiptRequest, ReceiptUnreadable

SIGNATURE_HEADER = "x-memory-signature"


@dataclass(frozen=True)
class MemoryLetterAnnouncements:
    """Reads what :meth:`request` writes."""

    word: str = "open sesame"

    def request(self, *keys: str) -> ReceiptRequest:
        """One that announces these files."""
        return ReceiptRequest("".join(f"{key}\n" for key in keys).encode(), {SIGNATURE_HEADER: self.word})

    def translate(self, request: ReceiptRequest) -> Sequence[str]:
        if request.headers.get(SIGNATURE_HEADER) != self.word:
            raise ReceiptForged("not signed")
        try:
            return request.body.decode().splitlines()
        except UnicodeDecodeError:
            raise ReceiptUnreadable("not an announcement") from None

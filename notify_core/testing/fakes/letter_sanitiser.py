"""A sanitiser that believes what uploads say of themselves."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from notify_core.kernel.errors import NotifyError
from notify_core.letters.policies import Flaw, NotPrintable
from notify_core.letters.policies.printable import MOST_PAGES
from notify_core.letters.ports import SanitisedLetter

_BEGINS = b"%PDF-"
_SAYS = b"%PDF-1.7\n%"
ADDRESS = ("Grace Hopper", "1 High Street", "SW1A 1AA")


def an_upload(
    pages: int = 1, address: Sequence[str] = ADDRESS, flaw: Flaw | None = None, flawed_pages: Sequence[int] = ()
) -> bytes:
    """What :class:`MemoryLetterSanitiser` takes for such a letter."""
    return _SAYS + json.dumps({"pages": pages, "address": address, "flaw": flaw, "flawed": flawed_pages}).encode()


@dataclass
class MemoryLetterSanitiser:
    """Takes what begins as a PDF for a letter of one page, unless it is one of :func:`an_upload`. ``sanitised`` is what
    it was shown."""

    sanitised: list[bytes] = field(default_factory=list)
    _failures: list[NotifyError] = field(default_factory=list)

    def fail_with(self, *errors: NotifyError) -> None:
        """The next letters meet these errors, one each."""
        self._failures.extend(errors)

    def sanitise(self, upload: bytes) -> SanitisedLetter:
        self.sanitised.append(upload)
        if self._failures:
            raise self._failures.pop(0)
        if not upload.startswith(_BEGINS):
            raise NotPrintable(Flaw.UNREADABLE)
        says = _read(upload)
        pages, address = says["pages"], tuple(says["address"])
        if says["flaw"]:
            raise NotPrintable(Flaw(says["flaw"]), says["flawed"], pages if says["flawed"] else None)
        if pages > MOST_PAGES:
            raise NotPrintable(Flaw.TOO_LONG, page_count=pages)
        if not address:
            raise NotPrintable(Flaw.NO_ADDRESS, (1,), pages)
        return SanitisedLetter(an_upload(pages, address), pages, address)


def _read(upload: bytes) -> dict[str, Any]:
    if not upload.startswith(_SAYS + b"{"):
        return _read(an_upload())
    says: dict[str, Any] = json.loads(upload.removeprefix(_SAYS))
    return says

"""The file of a letter, for its sender."""

import logging
from contextlib import suppress
from dataclasses import dataclass

from notify_core.accounts.model import Caller
from notify_core.kernel.errors import NotAllowed, NotFound
from notify_core.kernel.ids import NotificationId
from notify_core.letters.model import Letter
from notify_core.letters.policies.files import printed_place
from notify_core.letters.policies.pdfs import PdfNotReady, check_has_pdf
from notify_core.letters.ports import LetterPdfNotFound, LetterStore, LettersWork
from notify_core.ports.metrics import Metrics
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GetLetterPdf:
    """The PDF of one of the service's letters, as it is printed or was refused.

    :raises NotFound: the service has no such message.
    :raises NotAllowed: it is no letter, or there will be no PDF of it.
    :raises PdfNotReady: there is none yet.
    :raises TransientError: the store is not there now.
    """

    work: UnitOfWorkFactory[LettersWork]
    letter_store: LetterStore
    metrics: Metrics

    def __call__(self, caller: Caller, notification_id: NotificationId) -> bytes:
        letter = self._letter(caller, notification_id)
        check_has_pdf(letter)
        if letter.pdf is not None:
            # It may have been moved, or be called otherwise than we know.
            with suppress(LetterPdfNotFound):
                return self.letter_store.get(letter.pdf.bucket, letter.pdf.key)
        place = printed_place(letter)
        try:
            return self.letter_store.get(place.bucket, self.letter_store.find(place.bucket, place.key).key)
        except LetterPdfNotFound as missing:
            if letter.pdf is not None:
                self.metrics.count("letters.download.missing-pdf")
                _log.error("the PDF of a letter is lost: %s", missing, extra={"notification_id": str(letter.id)})
            raise PdfNotReady from None

    def _letter(self, caller: Caller, notification_id: NotificationId) -> Letter:
        service_id = caller.service.id
        with self.work(read_only=True) as work:
            try:
                return work.letters.get(notification_id, service_id)
            except NotFound:
                work.notifications.get(notification_id, service_id)
                raise NotAllowed("Notification is not a letter") from None

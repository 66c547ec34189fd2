"""Recording how a check ended."""

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from notify_core.kernel.ids import NotificationId
from notify_core.letters.model import Letter
from notify_core.letters.ports import LetterPdfNotFound, LettersWork
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


def pending(work: UnitOfWorkFactory[LettersWork], notification_id: NotificationId) -> Letter | None:
    """The letter, while it waits to be checked; None: something else was faster, and a result would be late.

    :raises NotFound: it has been deleted.
    """
    with work(read_only=True) as reading:
        letter = reading.letters.get(notification_id)
    return letter if letter.status is LetterStatus.PENDING_VIRUS_CHECK else None


def record(
    work: LettersWork, notification_id: NotificationId, event: LetterEvent, now: datetime, **changes: Any
) -> bool:
    """Store the letter as it is after ``event``, with ``changes``. False: it no longer waits, and nothing is stored.

    :raises Conflict: it moved on at this very moment.
    """
    was = work.letters.get(notification_id)
    if was.status is not LetterStatus.PENDING_VIRUS_CHECK:
        return False
    work.letters.change(was, replace(was.after(event, now), **changes))
    return True


def record_missing(
    work: UnitOfWorkFactory[LettersWork], clock: Clock, letter: Letter, missing: LetterPdfNotFound, claim: Claim
) -> None:
    """A file that is not where it should be is nowhere, and no use to look for again."""
    _log.error("The file of a letter that is being checked is lost: %s", missing, extra=ids_of(letter))
    with work() as writing:
        record(writing, letter.id, LetterEvent.FILE_MISSING, clock.now(), sheets=0)
        writing.finish(claim)
        writing.commit()


def ids_of(letter: Letter) -> dict[str, str]:
    """What a log line about it carries."""
    return {"notification_id": str(letter.id), "service_id": str(letter.service_id)}

"""Deleting messages that have been kept long enough; what is counted and billed stays in the history.

Each execution takes a batch, of a number of services, and, when there may be more, writes the task for the next in
the same transaction.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from notify_core.accounts.model import Service
from notify_core.accounts.policies import kept_since
from notify_core.housekeeping.ports import HousekeepingWork
from notify_core.housekeeping.tasks import DeleteOldLetters, DeleteOldMessages
from notify_core.kernel.calendar import london_date
from notify_core.kernel.ids import ServiceId
from notify_core.letters.model import Letter, Location
from notify_core.letters.policies.files import places_to_look
from notify_core.letters.policies.keeping import PRINT_RECORDS, SORTED_COUNTS
from notify_core.letters.ports import LetterStore
from notify_core.notifications.model import Channel
from notify_core.ports.clock import Clock
from notify_core.ports.daily_limits import DailyLimits
from notify_core.ports.metrics import Metrics
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeleteMessagesOlderThanRetention:
    """The task ``delete-notifications-older-than-retention``. Its first execution starts that of letters, and forgets
    how many messages were sent on days that are over. Complaints about emails, and the news that letters came back,
    are kept for as long as emails and letters, counted from when we were told."""

    work: UnitOfWorkFactory[HousekeepingWork]
    clock: Clock
    daily_limits: DailyLimits
    batch: int = 1000
    services: int = 200

    def __call__(self, task: DeleteOldMessages, claim: Claim) -> None:
        now = self.clock.now()
        if task.from_service is None:
            self.daily_limits.forget_before(london_date(now))
        with self.work() as work:
            if task.from_service is None:
                work.enqueue(DeleteOldLetters())
            left = self.batch
            services = _services_from(work, task.from_service)
            for service in services[: self.services]:
                left -= self._take_in(work, service, now, left)
                left -= self._forget_news(work, service, now, left)
                if not left:
                    work.enqueue(DeleteOldMessages(service.id))
                    break
            else:
                for following in services[self.services : self.services + 1]:
                    work.enqueue(DeleteOldMessages(following.id))
            work.finish(claim)
            work.commit()
        if left < self.batch:
            _log.info("moved into the history, or deleted: %d messages, and news of them", self.batch - left)

    def _take_in(self, work: HousekeepingWork, service: Service, now: datetime, limit: int) -> int:
        retentions = work.settings.retentions(service.id)
        moved = 0
        for channel in (Channel.SMS, Channel.EMAIL):
            since = kept_since(retentions, channel.value, now)
            moved += work.history.take_in(service.id, channel, since, limit - moved)
        return moved

    def _forget_news(self, work: HousekeepingWork, service: Service, now: datetime, limit: int) -> int:
        """How many complaints and returned letters have been deleted."""
        retentions = work.settings.retentions(service.id)
        complaints = work.complaints.delete_before(service.id, kept_since(retentions, Channel.EMAIL.value, now), limit)
        return complaints + work.returned_letters.delete_before(
            service.id, kept_since(retentions, Channel.LETTER.value, now), limit - complaints
        )


@dataclass(frozen=True)
class DeleteLettersOlderThanRetention:
    """The task ``delete-letters-older-than-retention``. Their files go first: a letter whose file is gone is moved in
    the next run, a file without its letter would stay for ever. A file that is missing stops nothing. Records of
    printing go with them, which are no service's.

    :raises TransientError: the store, or the database, is not there.
    """

    work: UnitOfWorkFactory[HousekeepingWork]
    clock: Clock
    letter_store: LetterStore
    metrics: Metrics
    batch: int = 500
    services: int = 200

    def __call__(self, task: DeleteOldLetters, claim: Claim) -> None:
        with self.work(read_only=True) as work:
            letters, following = self._next(work, task.from_service)
        self._delete_files(letters)
        with self.work() as work:
            work.history.take_in_letters(letters)
            if following is not None:
                work.enqueue(DeleteOldLetters(following))
            elif _forget_printing(work, self.clock.now(), self.batch) == self.batch:
                work.enqueue(task)
            work.finish(claim)
            work.commit()
        if letters:
            _log.info("moved %d letters into the history", len(letters))

    def _next(self, work: HousekeepingWork, begin: ServiceId | None) -> tuple[Sequence[Letter], ServiceId | None]:
        """A batch of letters, and the service where the next one begins; None: that was all."""
        now, found = self.clock.now(), list[Letter]()
        services = _services_from(work, begin)
        for service in services[: self.services]:
            since = kept_since(work.settings.retentions(service.id), Channel.LETTER.value, now)
            found += work.history.past_letters(service.id, since, self.batch - len(found))
            if len(found) == self.batch:
                return found, service.id
        return found, services[self.services].id if len(services) > self.services else None

    def _delete_files(self, letters: Sequence[Letter]) -> None:
        keys: dict[str, list[str]] = {}
        places = [place for letter in letters for place in self._files(letter)]
        for place in places:
            keys.setdefault(place.bucket, []).append(place.key)
        for bucket in {place.bucket for place in places}:
            self.letter_store.delete(bucket, keys[bucket])

    def _files(self, letter: Letter) -> Iterator[Location]:
        """Where its file is, known since it was stored; without such knowledge it is looked for."""
        if letter.pdf is not None:
            yield letter.pdf
            return
        found = [
            Location(place.bucket, file.key)
            for place in places_to_look(letter)
            for file in self.letter_store.listing(place.bucket, place.key)
        ]
        if not found:
            self.metrics.count("letters.retention.missing-pdf")
            _log.info("a letter has no file to delete", extra={"notification_id": str(letter.id)})
        yield from found


def _forget_printing(work: HousekeepingWork, now: datetime, limit: int) -> int:
    """How many print runs, zips, response files and days' counts of one have been deleted."""
    since = now - PRINT_RECORDS
    gone = work.print_runs.delete_before(since, limit)
    gone += work.answer_files.delete_before(since, limit - gone)
    return gone + work.answer_files.delete_counts_before(london_date(now - SORTED_COUNTS), limit - gone)


def _services_from(work: HousekeepingWork, begin: ServiceId | None) -> Sequence[Service]:
    """The services in the order of their ids, from ``begin`` on."""
    services = sorted(work.services.all(), key=lambda service: service.id)
    return [service for service in services if begin is None or service.id >= begin]

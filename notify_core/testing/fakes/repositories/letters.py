"""Letters, in memory."""

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime

from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import Letter
from notify_core.letters.ports import LetterFilter
from notify_core.letters.states import LetterStatus
from notify_core.notifications.model import Place
from notify_core.ports.task_ledger import EntryState
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.inserting import insert
from notify_core.testing.fakes.task_ledger import MemoryRow


class MemoryLetters:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[NotificationId, Letter] = database.table("letters")

    def add_many(self, letters: Sequence[Letter]) -> None:
        for one in letters:
            frozen = replace(one, personalisation=dict(one.personalisation))
            taken = bool(self.by_file_references([one.file_reference]))
            insert(self._database, self._rows, one.id, frozen, what=f"letter {one.id}", taken=taken)

    def add_new(self, letters: Sequence[Letter]) -> Collection[NotificationId]:
        taken = self.by_file_references([one.file_reference for one in letters])
        new = {one.id: one for one in letters if one.id not in self._rows and one.file_reference not in taken}
        self.add_many(list(new.values()))
        return new.keys()

    def get(self, notification_id: NotificationId, service_id: ServiceId | None = None) -> Letter:
        found = self._rows.get(notification_id)
        if found is None or service_id not in {None, found.service_id}:
            raise NotFound(f"no letter {notification_id}")
        return found

    def by_file_references(self, references: Sequence[str]) -> Mapping[str, Letter]:
        wanted = set(references)
        return {one.file_reference: one for one in self._rows.values() if one.file_reference in wanted}

    def change(self, was: Letter, becomes: Letter) -> None:
        stored = self._rows.get(was.id)
        if stored is None or stored.status is not was.status:
            raise Conflict(f"letter {was.id} is no longer {was.status}")
        self._rows[was.id] = replace(becomes, personalisation=dict(becomes.personalisation))

    def waiting_since(self, status: LetterStatus, moment: datetime, limit: int) -> Sequence[NotificationId]:
        found = [one for one in self._rows.values() if one.status is status and one.created_at < moment]
        return [one.id for one in sorted(found, key=_age)[:limit]]

    def sent_before(self, moment: datetime, limit: int) -> Sequence[NotificationId]:
        sending = [one for one in self._rows.values() if one.status is LetterStatus.SENDING]
        found = [one for one in sending if one.sent_at is not None and one.sent_at < moment]
        return [one.id for one in sorted(found, key=_age)[:limit]]

    def page(self, service_id: ServiceId, wanted: LetterFilter, limit: int = 250) -> Sequence[Letter]:
        own = [one for one in self._rows.values() if one.service_id == service_id]
        return sorted((one for one in own if _matches(one, wanted)), key=_age, reverse=True)[:limit]

    def place_of(self, service_id: ServiceId, notification_id: NotificationId) -> Place | None:
        found = self._rows.get(notification_id)
        return None if found is None or found.service_id != service_id else _age(found)

    def created_without_pdf(self, before: datetime, limit: int) -> Sequence[Letter]:
        ledger: MutableMapping[object, MemoryRow] = self._database.table("task_ledger")
        busy = {row.entry.dedupe for row in ledger.values() if row.entry.state is not EntryState.FAILED}
        found = (
            one
            for one in self._rows.values()
            if one.status is LetterStatus.CREATED
            and one.created_at < before
            and one.pdf is None
            and not one.precompiled
            and f"letter-pdf:{one.id}" not in busy
        )
        return sorted(found, key=_age)[:limit]


def _age(one: Letter) -> Place:
    return Place(one.created_at, one.id)


def _matches(one: Letter, wanted: LetterFilter) -> bool:
    return (
        (not wanted.key_types or one.key_type in wanted.key_types)
        and (not wanted.statuses or one.status in wanted.statuses)
        and wanted.reference in {None, one.reference}
        and (wanted.behind is None or _age(one) < wanted.behind)
        and (wanted.with_jobs or one.job_id is None)
    )

"""Print runs, and letters as they see them, in memory."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import NotificationId
from notify_core.letters.model import Letter, LetterToPrint, Location, Postage, Printed, PrintGroup, PrintRun, Volume
from notify_core.letters.ports.printing import Due
from notify_core.letters.states import LetterStatus
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.deleting import delete
from notify_core.testing.fakes.repositories.inserting import insert


class MemoryLettersToPrint:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[NotificationId, Letter] = database.table("letters")
        self._runs: MutableMapping[NotificationId, datetime] = database.table("letters_found")

    def volumes(self, due: Due) -> Mapping[Postage, Volume]:
        volumes: dict[Postage, Volume] = {}
        for one in self._due(due):
            volumes[one.postage] = volumes.get(one.postage, Volume()) + Volume(1, one.sheets)
        return volumes

    def oldest(self, due: Due) -> datetime | None:
        return min((one.created_at for one in self._due(due)), default=None)

    def unfound(self, due: Due, limit: int) -> Sequence[LetterToPrint]:
        return [_described(one) for one in sorted(self._unfound(due), key=_age)[:limit]]

    def count_unfound(self, due: Due) -> int:
        return len(self._unfound(due))

    def unfound_of(self, due: Due, references: Sequence[str]) -> Sequence[LetterToPrint]:
        return [_described(one) for one in self._unfound(due) if one.file_reference in references]

    def found(self, deadline: datetime, letters: Sequence[NotificationId]) -> None:
        for letter_id in letters:
            if self._rows[letter_id].print_group is None:
                self._runs[letter_id] = deadline

    def found_elsewhere(self, letter: NotificationId, pdf: Location, pdf_bytes: int) -> None:
        self._rows[letter] = replace(self._rows[letter], pdf=pdf, pdf_bytes=pdf_bytes)

    def ungrouped(self, deadline: datetime, postage: Postage, limit: int) -> Sequence[LetterToPrint]:
        found = [
            one
            for one in self._rows.values()
            if self._runs.get(one.id) == deadline and one.postage is postage and _is_free(one)
        ]
        ordered = sorted(found, key=lambda one: (one.service_id, *_age(one)))
        return [_described(one) for one in ordered[:limit]]

    def put_into(self, zip_name: str, letters: Sequence[NotificationId]) -> None:
        if not all(_is_free(self._rows[letter_id]) for letter_id in letters):
            raise Conflict(f"{zip_name}: a letter is in another group, or no longer to be printed")
        for letter_id in letters:
            self._rows[letter_id] = replace(self._rows[letter_id], print_group=zip_name)

    def of_group(self, zip_name: str) -> Sequence[LetterToPrint]:
        found = [one for one in self._in(zip_name) if one.status is LetterStatus.CREATED]
        return [_described(one) for one in sorted(found, key=_age)]

    def take_out(self, zip_name: str, letters: Sequence[NotificationId]) -> None:
        for one in self._in(zip_name):
            if one.id in letters:
                self._rows[one.id] = replace(one, print_group=None)
                self._runs.pop(one.id, None)

    def move_group(
        self, zip_name: str, was: LetterStatus, becomes: LetterStatus, sent_by: str, sent_at: datetime
    ) -> int:
        moved = [one for one in self._in(zip_name) if one.status is was]
        for one in moved:
            self._rows[one.id] = replace(one, status=becomes, sent_by=sent_by, sent_at=sent_at, updated_at=sent_at)
        return len(moved)

    def _due(self, due: Due) -> list[Letter]:
        return [
            one
            for one in self._rows.values()
            if _is_free(one)
            and one.created_at < due.deadline
            and (due.after is None or one.created_at > due.after)
            and (due.until is None or one.created_at <= due.until)
            and (one.pdf is not None or not due.with_pdf)
        ]

    def _unfound(self, due: Due) -> list[Letter]:
        return [one for one in self._due(due) if self._runs.get(one.id) != due.deadline]

    def _in(self, zip_name: str) -> list[Letter]:
        return [one for one in self._rows.values() if one.print_group == zip_name]


class MemoryPrintRuns:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._runs: MutableMapping[datetime, PrintRun] = database.table("print_runs")
        self._groups: MutableMapping[str, PrintGroup] = database.table("print_groups")

    def begin(self, run: PrintRun) -> bool:
        if run.deadline in self._runs:
            return False
        self._runs[run.deadline] = run
        return True

    def get(self, deadline: datetime) -> PrintRun:
        if deadline not in self._runs:
            raise NotFound(f"no print run of {deadline}")
        return self._runs[deadline]

    def latest(self, limit: int) -> Sequence[PrintRun]:
        return sorted(self._runs.values(), key=lambda run: run.deadline, reverse=True)[:limit]

    def next_number(self, deadline: datetime, postage: Postage) -> int:
        return 1 + max((one.number for one in self.groups(deadline) if one.postage is postage), default=0)

    def add_group(self, group: PrintGroup) -> None:
        place = (group.postage, group.number)
        taken = any((one.postage, one.number) == place for one in self.groups(group.deadline))
        insert(self._database, self._groups, group.zip_name, group, what=group.zip_name, taken=taken)

    def group(self, zip_name: str) -> PrintGroup:
        if zip_name not in self._groups:
            raise NotFound(f"no zip {zip_name}")
        return self._groups[zip_name]

    def groups(self, deadline: datetime) -> Sequence[PrintGroup]:
        order = list(Postage)
        own = [one for one in self._groups.values() if one.deadline == deadline]
        return sorted(own, key=lambda one: (order.index(one.postage), one.number))

    def printed(self, deadline: datetime) -> Printed:
        groups = [one for one in self.groups(deadline) if one.letters]
        volume = sum((Volume(one.letters, one.sheets) for one in groups), Volume())
        return Printed(len(groups), sum(one.sent_at is not None for one in groups), volume)

    def change_group(self, was: PrintGroup, becomes: PrintGroup) -> None:
        stored = self._groups[was.zip_name]
        if (stored.uploaded_at, stored.sent_at) != (was.uploaded_at, was.sent_at):
            raise Conflict(f"{was.zip_name} is farther by now")
        self._groups[was.zip_name] = becomes

    def delete_before(self, deadline: datetime, limit: int) -> int:
        groups = [one for one in self._groups.values() if one.deadline < deadline and (one.sent_at or not one.keys)]
        gone = delete(self._groups, [one.zip_name for one in groups[:limit]])
        runs = [run for run in self._runs if run < deadline and not self.groups(run)]
        return gone + delete(self._runs, runs[: limit - gone])


def _is_free(one: Letter) -> bool:
    return one.status is LetterStatus.CREATED and one.key_type is KeyType.NORMAL and one.print_group is None


def _age(one: Letter) -> tuple[datetime, NotificationId]:
    return one.created_at, one.id


def _described(one: Letter) -> LetterToPrint:
    return LetterToPrint(one.id, one.service_id, one.file_reference, one.created_at, one.sheets, one.pdf, one.pdf_bytes)

"""What the printer and the post answer, in memory."""

from collections.abc import Mapping, MutableMapping, Sequence
from datetime import date, datetime

from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import AnswerFile, PrinterAnswer, ReturnedLetter, SortedCounts
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.deleting import delete


class MemoryAnswerFiles:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[str, AnswerFile] = database.table("answer_files")
        self._counts: MutableMapping[str, SortedCounts] = database.table("sorted_counts")

    def add(self, file: AnswerFile) -> None:
        if file.name not in self._rows:
            self._rows[file.name] = file

    def named(self, names: Sequence[str]) -> Mapping[str, AnswerFile]:
        return {name: self._rows[name] for name in names if name in self._rows}

    def put(self, file: AnswerFile) -> None:
        self._rows[file.name] = file

    def newest(self, limit: int = 100) -> Sequence[AnswerFile]:
        return sorted(self._rows.values(), key=lambda file: (file.found_at, file.name), reverse=True)[:limit]

    def put_counts(self, file_name: str, counts: SortedCounts) -> None:
        self._counts[file_name] = counts

    def daily_counts(self, first: date, last: date) -> Sequence[SortedCounts]:
        sums: dict[date, SortedCounts] = {}
        for one in self._counts.values():
            if first <= one.day <= last:
                so_far = sums.get(one.day, SortedCounts(one.day, 0, 0))
                sums[one.day] = SortedCounts(one.day, so_far.sorted + one.sorted, so_far.unsorted + one.unsorted)
        return [sums[day] for day in sorted(sums)]

    def delete_before(self, moment: datetime, limit: int) -> int:
        old = [name for name, file in self._rows.items() if file.found_at < moment]
        return delete(self._rows, old[:limit])

    def delete_counts_before(self, day: date, limit: int) -> int:
        old = [name for name, counts in self._counts.items() if counts.day < day]
        return delete(self._counts, old[:limit])


class MemoryWaitingAnswers:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[str, PrinterAnswer] = database.table("waiting_answers")

    def keep(self, answers: Sequence[PrinterAnswer]) -> None:
        for answer in answers:
            self._rows[answer.file_reference] = answer

    def first(self, limit: int, after: str = "") -> Sequence[PrinterAnswer]:
        return [self._rows[reference] for reference in sorted(self._rows) if reference > after][:limit]

    def forget(self, references: Sequence[str]) -> None:
        for reference in references:
            self._rows.pop(reference, None)


class MemoryReturnedLetters:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[NotificationId, ReturnedLetter] = database.table("returned_letters")

    def add_many(self, letters: Sequence[ReturnedLetter]) -> None:
        for one in letters:
            self._rows.setdefault(one.notification_id, one)

    def of_service(self, service_id: ServiceId, limit: int = 1000) -> Sequence[ReturnedLetter]:
        own = [one for one in self._rows.values() if one.service_id == service_id]
        return sorted(own, key=lambda one: (one.reported_at, one.notification_id), reverse=True)[:limit]

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        old = [
            one.notification_id
            for one in self._rows.values()
            if one.service_id == service_id and one.reported_at < moment
        ]
        return delete(self._rows, old[:limit])

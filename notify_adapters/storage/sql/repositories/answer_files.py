"""Response files of the printer, on SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

import sqlalchemy as sa

from notify_adapters.storage.sql.deleting import some_of
from notify_adapters.storage.sql.schema_printer_answers import answer_files, sorted_counts
from notify_adapters.storage.sql.session import Row, SqlSession
from notify_core.letters.model import AnswerCounts, AnswerFile, AnswerFileState, SortedCounts

_c = answer_files.c
_s = sorted_counts.c
_COUNTS = tuple(AnswerCounts.__dataclass_fields__)

_NAMED = sa.select(answer_files).where(_c.name.in_(sa.bindparam("names", expanding=True)))
_NEWEST = sa.select(answer_files).order_by(_c.found_at.desc(), _c.name.desc()).limit(sa.bindparam("number"))
_DAILY = (
    sa.select(_s.day, sa.func.sum(_s.sorted).label("sorted"), sa.func.sum(_s.unsorted).label("unsorted"))
    .where(_s.day.between(sa.bindparam("first"), sa.bindparam("last")))
    .group_by(_s.day)
    .order_by(_s.day)
)
_OLD = some_of(_c.name, _c.found_at < sa.bindparam("moment"))
_OLD_COUNTS = some_of(_s.file_name, _s.day < sa.bindparam("before"))


class SqlAnswerFiles:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, file: AnswerFile) -> None:
        self._session.insert_ignoring(answer_files, [_from_file(file)])

    def named(self, names: Sequence[str]) -> Mapping[str, AnswerFile]:
        rows = self._session.rows(_NAMED, {"names": list(names)})
        return {row["name"]: _to_file(row) for row in rows}

    def put(self, file: AnswerFile) -> None:
        self._session.upsert(answer_files, _from_file(file), key=("name",))

    def newest(self, limit: int = 100) -> Sequence[AnswerFile]:
        return [_to_file(row) for row in self._session.rows(_NEWEST, {"number": limit})]

    def put_counts(self, file_name: str, counts: SortedCounts) -> None:
        self._session.upsert(sorted_counts, {"file_name": file_name, **asdict(counts)}, key=("file_name",))

    def daily_counts(self, first: date, last: date) -> Sequence[SortedCounts]:
        rows = self._session.rows(_DAILY, {"first": first, "last": last})
        return [SortedCounts(row["day"], int(row["sorted"]), int(row["unsorted"])) for row in rows]

    def delete_before(self, moment: datetime, limit: int) -> int:
        return self._session.changed(_OLD, {"moment": moment, "most": limit})

    def delete_counts_before(self, day: date, limit: int) -> int:
        return self._session.changed(_OLD_COUNTS, {"before": day, "most": limit})


def _from_file(file: AnswerFile) -> Row:
    return {
        "name": file.name,
        "found_at": file.found_at,
        "state": file.state,
        "lines": file.lines,
        **{name: getattr(file.counts, name) for name in _COUNTS},
        "fault": file.fault,
        "read_at": file.read_at,
    }


def _to_file(row: sa.RowMapping) -> AnswerFile:
    return AnswerFile(
        name=row["name"],
        found_at=row["found_at"],
        state=AnswerFileState(row["state"]),
        lines=row["lines"],
        counts=AnswerCounts(**{name: row[name] for name in _COUNTS}),
        fault=row["fault"],
        read_at=row["read_at"],
    )

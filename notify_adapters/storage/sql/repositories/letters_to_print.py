"""Letters as print runs see them, on SQL. Whom they go to is not read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_letters import IS_FOUND, IS_UNFINISHED, letters
from notify_adapters.storage.sql.session import Row, SqlSession
from notify_adapters.storage.sql.statements import in_portions
from notify_core.kernel.errors import Conflict
from notify_core.kernel.ids import NotificationId
from notify_core.letters.model import Bucket, LetterToPrint, Location, Postage, Volume
from notify_core.letters.ports.printing import Due
from notify_core.letters.states import LetterStatus

_c = letters.c

_DESCRIBED = sa.select(
    _c.id, _c.service_id, _c.file_reference, _c.created_at, _c.sheets, _c.pdf_bucket, _c.pdf_key, _c.pdf_bytes
)
# Literal, so that the partial indexes are used; SQLite wants to read all of their condition.
_IS_TO_BE_PRINTED = (IS_UNFINISHED, sa.text("status = 'created' AND key_type = 'normal'"), _c.print_group.is_(None))
_IDS = _c.id.in_(sa.bindparam("ids", expanding=True))
_IN_GROUP = _c.print_group == sa.bindparam("zip_name")

_UNGROUPED = (
    _DESCRIBED.where(IS_FOUND, _c.print_run == sa.bindparam("deadline"), _c.postage == sa.bindparam("of_postage"))
    .order_by(_c.service_id, _c.created_at, _c.id)
    .limit(sa.bindparam("number"))
)
_OF_GROUP = _DESCRIBED.where(_IN_GROUP, _c.status == LetterStatus.CREATED).order_by(_c.created_at, _c.id)
_FOUND = sa.update(letters).where(_IDS, _c.print_group.is_(None)).values(print_run=sa.bindparam("deadline"))
_FOUND_ELSEWHERE = sa.update(letters).where(_c.id == sa.bindparam("letter_id"))
_PUT_INTO = sa.update(letters).where(_IDS, *_IS_TO_BE_PRINTED).values(print_group=sa.bindparam("zip_name"))
_TAKE_OUT = sa.update(letters).where(_IDS, _IN_GROUP).values(print_group=None, print_run=None)
_MOVE_GROUP = sa.update(letters).where(_IN_GROUP, _c.status == sa.bindparam("was"))


@lru_cache(maxsize=64)
def _conditions(limited_by: frozenset[str], *, unfound: bool) -> tuple[Any, ...]:
    """What is due; the parameters have the names of what limits it."""
    limits = {
        "deadline": _c.created_at < sa.bindparam("deadline"),
        "after": _c.created_at > sa.bindparam("after"),
        "until": _c.created_at <= sa.bindparam("until"),
        "with_pdf": _c.pdf_key.is_not(None),
    }
    wanted = [limit for name, limit in limits.items() if name in limited_by]
    run = _c.print_run
    found_by_others = sa.or_(run.is_(None), run != sa.bindparam("deadline"))
    return (*_IS_TO_BE_PRINTED, *wanted, *([found_by_others] if unfound else []))


@lru_cache(maxsize=64)
def _volumes(limited_by: frozenset[str]) -> sa.Select[Any]:
    volumes = sa.select(_c.postage, sa.func.count().label("letters"), sa.func.sum(_c.sheets).label("sheets"))
    return volumes.where(*_conditions(limited_by, unfound=False)).group_by(_c.postage)


@lru_cache(maxsize=64)
def _oldest(limited_by: frozenset[str]) -> sa.Select[Any]:
    due = sa.select(_c.created_at).where(*_conditions(limited_by, unfound=False))
    return due.order_by(_c.created_at).limit(1)


@lru_cache(maxsize=64)
def _unfound(limited_by: frozenset[str]) -> sa.Select[Any]:
    unfound = _DESCRIBED.where(*_conditions(limited_by, unfound=True))
    return unfound.order_by(_c.created_at, _c.id).limit(sa.bindparam("number"))


@lru_cache(maxsize=64)
def _unfound_of(limited_by: frozenset[str]) -> sa.Select[Any]:
    named = _c.file_reference.in_(sa.bindparam("references", expanding=True))
    return _DESCRIBED.where(named, *_conditions(limited_by, unfound=True))


@lru_cache(maxsize=64)
def _count_unfound(limited_by: frozenset[str]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(letters).where(*_conditions(limited_by, unfound=True))


class SqlLettersToPrint:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def volumes(self, due: Due) -> Mapping[Postage, Volume]:
        limits = _limits(due)
        rows = self._session.rows(_volumes(frozenset(limits)), limits)
        return {Postage(row["postage"]): Volume(row["letters"], row["sheets"]) for row in rows}

    def oldest(self, due: Due) -> datetime | None:
        limits = _limits(due)
        oldest: datetime | None = self._session.scalar(_oldest(frozenset(limits)), limits)
        return oldest

    def unfound(self, due: Due, limit: int) -> Sequence[LetterToPrint]:
        limits = _limits(due)
        return self._described(_unfound(frozenset(limits)), {**limits, "number": limit})

    def count_unfound(self, due: Due) -> int:
        limits = _limits(due)
        return int(self._session.scalar(_count_unfound(frozenset(limits)), limits))

    def unfound_of(self, due: Due, references: Sequence[str]) -> Sequence[LetterToPrint]:
        limits = _limits(due)
        statement = _unfound_of(frozenset(limits))
        return [
            letter
            for some in in_portions(references)
            for letter in self._described(statement, {**limits, "references": some})
        ]

    def found(self, deadline: datetime, letters: Sequence[NotificationId]) -> None:
        for some in in_portions(letters):
            self._session.changed(_FOUND, {"deadline": deadline, "ids": some})

    def found_elsewhere(self, letter: NotificationId, pdf: Location, pdf_bytes: int) -> None:
        place = {"pdf_bucket": pdf.bucket, "pdf_key": pdf.key, "pdf_bytes": pdf_bytes}
        self._session.changed(_FOUND_ELSEWHERE, {"letter_id": letter, **place})

    def ungrouped(self, deadline: datetime, postage: Postage, limit: int) -> Sequence[LetterToPrint]:
        return self._described(_UNGROUPED, {"deadline": deadline, "of_postage": postage, "number": limit})

    def put_into(self, zip_name: str, letters: Sequence[NotificationId]) -> None:
        for some in in_portions(letters):
            if self._session.changed(_PUT_INTO, {"zip_name": zip_name, "ids": some}) != len(some):
                raise Conflict(f"{zip_name}: a letter is in another group, or no longer to be printed")

    def of_group(self, zip_name: str) -> Sequence[LetterToPrint]:
        return self._described(_OF_GROUP, {"zip_name": zip_name})

    def take_out(self, zip_name: str, letters: Sequence[NotificationId]) -> None:
        for some in in_portions(letters):
            self._session.changed(_TAKE_OUT, {"zip_name": zip_name, "ids": some})

    def move_group(
        self, zip_name: str, was: LetterStatus, becomes: LetterStatus, sent_by: str, sent_at: datetime
    ) -> int:
        sent = {"status": becomes, "sent_by": sent_by, "sent_at": sent_at, "updated_at": sent_at}
        return self._session.changed(_MOVE_GROUP, {"zip_name": zip_name, "was": was, **sent})

    def _described(self, wanted: sa.Select[Any], values: Row) -> list[LetterToPrint]:
        return [
            LetterToPrint(
                row["id"],
                row["service_id"],
                row["file_reference"],
                row["created_at"],
                row["sheets"],
                None if row["pdf_key"] is None else Location(Bucket(row["pdf_bucket"]), row["pdf_key"]),
                row["pdf_bytes"],
            )
            for row in self._session.rows(wanted, values)
        ]


def _limits(due: Due) -> dict[str, Any]:
    limits = {"deadline": due.deadline, "after": due.after, "until": due.until, "with_pdf": due.with_pdf or None}
    return {name: value for name, value in limits.items() if value is not None}

"""Answers that wait for our own record, and letters that the post brought back, on SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.deleting import some_of
from notify_adapters.storage.sql.schema_printer_answers import returned_letters, waiting_answers
from notify_adapters.storage.sql.session import SqlSession
from notify_core.kernel.ids import ServiceId
from notify_core.letters.model import CostThreshold, PrinterAnswer, ReturnedLetter

_w = waiting_answers.c
_r = returned_letters.c

_FIRST = (
    sa.select(waiting_answers)
    .where(_w.file_reference > sa.bindparam("after"))
    .order_by(_w.file_reference)
    .limit(sa.bindparam("number"))
)
_FORGET = sa.delete(waiting_answers).where(_w.file_reference.in_(sa.bindparam("references", expanding=True)))
_OF_SERVICE = (
    sa.select(returned_letters)
    .where(_r.service_id == sa.bindparam("of_service"))
    .order_by(_r.reported_at.desc(), _r.notification_id.desc())
    .limit(sa.bindparam("number"))
)
_OLD = some_of(_r.notification_id, _r.service_id == sa.bindparam("of_service"), _r.reported_at < sa.bindparam("moment"))


class SqlWaitingAnswers:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def keep(self, answers: Sequence[PrinterAnswer]) -> None:
        for answer in answers:
            row = {name: getattr(answer, name) for name in PrinterAnswer.__dataclass_fields__}
            self._session.upsert(waiting_answers, row, key=("file_reference",))

    def first(self, limit: int, after: str = "") -> Sequence[PrinterAnswer]:
        return [_to_answer(row) for row in self._session.rows(_FIRST, {"after": after, "number": limit})]

    def forget(self, references: Sequence[str]) -> None:
        self._session.changed(_FORGET, {"references": list(references)})


def _to_answer(row: sa.RowMapping) -> PrinterAnswer:
    values: dict[str, Any] = dict(row)
    return PrinterAnswer(**values | {"cost_threshold": CostThreshold(row["cost_threshold"])})


class SqlReturnedLetters:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add_many(self, letters: Sequence[ReturnedLetter]) -> None:
        rows = [{name: getattr(one, name) for name in ReturnedLetter.__dataclass_fields__} for one in letters]
        self._session.insert_ignoring(returned_letters, rows)

    def of_service(self, service_id: ServiceId, limit: int = 1000) -> Sequence[ReturnedLetter]:
        rows = self._session.rows(_OF_SERVICE, {"of_service": service_id, "number": limit})
        return [ReturnedLetter(**row) for row in rows]

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        return self._session.changed(_OLD, {"of_service": service_id, "moment": moment, "most": limit})

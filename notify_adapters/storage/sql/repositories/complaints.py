"""Complaints about emails, on SQL."""

from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert

from notify_adapters.storage.sql.deleting import some_of
from notify_adapters.storage.sql.schema_callbacks import complaints
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.statements import insert_ignoring
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ComplaintId, ServiceId
from notify_core.notifications.model import Complaint

_THIS = sa.select(complaints).where(complaints.c.id == sa.bindparam("id"))
_OLD = some_of(
    complaints.c.id,
    complaints.c.service_id == sa.bindparam("of_service"),
    complaints.c.received_at < sa.bindparam("moment"),
)


@cache
def _add(dialect: str) -> ReturningInsert[Any]:
    return insert_ignoring(dialect, complaints).returning(complaints.c.id)


class SqlComplaints:
    """The fields of a complaint are the columns, by name."""

    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, complaint: Complaint) -> bool:
        statement = _add(self._session.dialect)
        return bool(self._session.rows_of_many(statement, [asdict(complaint)]))

    def get(self, complaint_id: ComplaintId) -> Complaint:
        row = self._session.row(_THIS, {"id": complaint_id})
        if row is None:
            raise NotFound(f"no complaint {complaint_id}")
        return Complaint(**row)

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        return self._session.changed(_OLD, {"of_service": service_id, "moment": moment, "most": limit})

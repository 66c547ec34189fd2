"""What became of telling services, on SQL."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_callbacks import callback_attempts, callback_circuits
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.types import from_span, span
from notify_core.accounts.model import CallbackType
from notify_core.callbacks.model import Attempt, Circuit, Problem
from notify_core.callbacks.states import CircuitState
from notify_core.kernel.ids import LedgerEntryId, ServiceId

_a = callback_attempts.c
_OF_DELIVERY = (
    sa.select(callback_attempts).where(_a.delivery_id == sa.bindparam("of_delivery")).order_by(_a.at, _a.number)
)
_NEWEST = (
    sa.select(callback_attempts)
    .where(_a.service_id == sa.bindparam("of_service"))
    .order_by(_a.at.desc(), _a.number.desc())
    .limit(sa.bindparam("number"))
)
_DELETE = sa.delete(callback_attempts).where(
    _a.number.in_(
        sa.select(_a.number)
        .where(_a.service_id == sa.bindparam("of_service"), _a.at < sa.bindparam("moment"))
        .limit(sa.bindparam("most"))
    )
)

_c = callback_circuits.c
_CIRCUIT = sa.select(callback_circuits).where(
    _c.service_id == sa.bindparam("of_service"), _c.type == sa.bindparam("of_type")
)
# SQLite, where one transaction writes at a time, leaves FOR UPDATE out.
_CIRCUIT_FOR_CHANGE = _CIRCUIT.with_for_update()


class SqlCallbackAttempts:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, attempt: Attempt) -> None:
        row = {
            "delivery_id": attempt.delivery_id,
            "service_id": attempt.service_id,
            "type": attempt.type,
            "at": attempt.at,
            "duration_us": span(attempt.duration),
            "status": attempt.status,
            "problem": attempt.problem,
        }
        self._session.insert(callback_attempts, [row])

    def of_delivery(self, delivery_id: LedgerEntryId) -> Sequence[Attempt]:
        return [_to_attempt(row) for row in self._session.rows(_OF_DELIVERY, {"of_delivery": delivery_id})]

    def newest(self, service_id: ServiceId, limit: int = 100) -> Sequence[Attempt]:
        rows = self._session.rows(_NEWEST, {"of_service": service_id, "number": limit})
        return [_to_attempt(row) for row in rows]

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        return self._session.changed(_DELETE, {"of_service": service_id, "moment": moment, "most": limit})


class SqlCircuits:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def find(self, service_id: ServiceId, kind: CallbackType) -> Circuit | None:
        row = self._session.row(_CIRCUIT, {"of_service": service_id, "of_type": kind})
        return None if row is None else _to_circuit(row)

    def take(self, service_id: ServiceId, kind: CallbackType) -> Circuit:
        # So that there is a row to lock, also for the first two that fail at the same moment.
        self._session.insert_ignoring(callback_circuits, [_from_circuit(Circuit(service_id, kind))])
        rows = self._session.rows(_CIRCUIT_FOR_CHANGE, {"of_service": service_id, "of_type": kind})
        return _to_circuit(rows[0])

    def put(self, circuit: Circuit) -> None:
        self._session.upsert(callback_circuits, _from_circuit(circuit), key=("service_id", "type"))


def _to_attempt(row: sa.RowMapping) -> Attempt:
    return Attempt(
        delivery_id=row["delivery_id"],
        service_id=row["service_id"],
        type=CallbackType(row["type"]),
        at=row["at"],
        duration=from_span(row["duration_us"]),
        status=row["status"],
        problem=None if row["problem"] is None else Problem(row["problem"]),
    )


def _from_circuit(circuit: Circuit) -> dict[str, object]:
    return {
        "service_id": circuit.service_id,
        "type": circuit.type,
        "state": circuit.state,
        "failures": circuit.failures,
        "probe_at": circuit.probe_at,
    }


def _to_circuit(row: sa.RowMapping) -> Circuit:
    return Circuit(
        row["service_id"], CallbackType(row["type"]), CircuitState(row["state"]), row["failures"], row["probe_at"]
    )

"""What became of telling services, in memory."""

from collections.abc import MutableMapping, Sequence
from datetime import datetime

from notify_core.accounts.model import CallbackType
from notify_core.callbacks.model import Attempt, Circuit
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ComplaintId, LedgerEntryId, ServiceId
from notify_core.notifications.model import Complaint
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.deleting import delete


class MemoryCallbackAttempts:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[int, Attempt] = database.table("callback_attempts")

    def add(self, attempt: Attempt) -> None:
        self._rows[max(self._rows, default=0) + 1] = attempt

    def of_delivery(self, delivery_id: LedgerEntryId) -> Sequence[Attempt]:
        return [attempt for attempt in self._oldest_first() if attempt.delivery_id == delivery_id]

    def newest(self, service_id: ServiceId, limit: int = 100) -> Sequence[Attempt]:
        return [attempt for attempt in self._oldest_first() if attempt.service_id == service_id][::-1][:limit]

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        old = [number for number, one in self._rows.items() if one.service_id == service_id and one.at < moment]
        for number in old[:limit]:
            del self._rows[number]
        return len(old[:limit])

    def _oldest_first(self) -> list[Attempt]:
        return [self._rows[number] for number in sorted(self._rows, key=lambda number: (self._rows[number].at, number))]


class MemoryCircuits:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[tuple[ServiceId, CallbackType], Circuit] = database.table("callback_circuits")

    def find(self, service_id: ServiceId, kind: CallbackType) -> Circuit | None:
        return self._rows.get((service_id, kind))

    def take(self, service_id: ServiceId, kind: CallbackType) -> Circuit:
        return self._rows.setdefault((service_id, kind), Circuit(service_id, kind))

    def put(self, circuit: Circuit) -> None:
        self._rows[circuit.service_id, circuit.type] = circuit


class MemoryComplaints:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[ComplaintId, Complaint] = database.table("complaints")

    def add(self, complaint: Complaint) -> bool:
        known = {(one.supplier, one.supplier_reference) for one in self._rows.values()}
        if complaint.id in self._rows or (complaint.supplier, complaint.supplier_reference) in known:
            return False
        self._rows[complaint.id] = complaint
        return True

    def get(self, complaint_id: ComplaintId) -> Complaint:
        if complaint_id not in self._rows:
            raise NotFound(f"no complaint {complaint_id}")
        return self._rows[complaint_id]

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        old = [one.id for one in self._rows.values() if one.service_id == service_id and one.received_at < moment]
        return delete(self._rows, old[:limit])

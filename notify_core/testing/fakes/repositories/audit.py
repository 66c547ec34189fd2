"""The audit log, in memory."""

from collections.abc import MutableMapping, Sequence

from notify_core.accounts.model import AuditEntry
from notify_core.testing.fakes.database import MemoryDatabase


class MemoryAuditLog:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[int, AuditEntry] = database.table("audit_log")

    def add(self, entry: AuditEntry) -> None:
        # Entries are never removed, so their count is the next free number.
        self._rows[len(self._rows)] = entry

    def about(self, subject: str) -> Sequence[AuditEntry]:
        found = [(entry.at, number, entry) for number, entry in self._rows.items() if entry.subject == subject]
        return [entry for _, _, entry in sorted(found, key=lambda row: row[:2])]

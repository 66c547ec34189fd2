"""What there is by now."""

from typing import Any

from notify_core.broadcasts.model import BroadcastEvent, BroadcastMessage, ProviderMessage, Revision
from notify_core.ports.task_ledger import EntryState, LedgerEntry
from tests.unit.core.broadcasts.world.platform import Platform


class Looking(Platform):
    def message(self, message: BroadcastMessage) -> BroadcastMessage:
        with self.storage(read_only=True) as work:
            return work.broadcast_messages.get(message.id)

    def events(self, message: BroadcastMessage) -> list[BroadcastEvent]:
        with self.storage(read_only=True) as work:
            return list(work.broadcast_events.of_message(message.id))

    def copies(self, message: BroadcastMessage, provider: str | None = None) -> list[ProviderMessage]:
        with self.storage(read_only=True) as work:
            return list(work.provider_messages.of_message(message.id, provider))

    def revisions(self, message: BroadcastMessage) -> list[Revision]:
        with self.storage(read_only=True) as work:
            return list(work.broadcast_revisions.of_message(message.id))

    def attempts(self, copy: ProviderMessage) -> list[tuple[int, str, str | None]]:
        with self.storage(read_only=True) as work:
            return [
                (one.route.value, one.outcome.value, one.detail) for one in work.provider_messages.attempts(copy.id)
            ]

    def audited(self, message: BroadcastMessage) -> list[tuple[str, str, str]]:
        with self.storage(read_only=True) as work:
            return [(entry.who, entry.what, entry.where) for entry in work.audit.about(str(message.id))]

    def snapshot(self) -> dict[str, dict[Any, Any]]:
        """All that is stored, to be compared."""
        return {name: dict(table) for name, table in self.database._tables.items() if table}

    def tickets(self) -> list[Any]:
        with self.storage(read_only=True) as work:
            return list(work.tickets.newest())

    def rows(self, task: type | None = None, state: EntryState | None = None) -> list[LedgerEntry]:
        return [row for row in self.ledger.entries(state=state) if task is None or row.task == task.name]

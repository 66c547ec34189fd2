"""Who approved, changed, cancelled, assumed or replayed what of one message, from the audit log.

Whatever is done to a message, its revisions, its events or their failed tasks is noted about the message.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from notify_core.accounts.model import AuditEntry
from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.broadcasts.use_cases.views import Json
from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ApiKeyId, BroadcastMessageId, UserId
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Act:
    """``name`` is the person's or the API key's; None: an operator's act, or nobody knows the name (any more)."""

    entry: AuditEntry
    name: str | None


@dataclass(frozen=True)
class ListActs:
    """Everything that was done to one message, oldest first.

    :raises NotFound: no such message.
    """

    work: UnitOfWorkFactory[BroadcastsWork]

    def __call__(self, message_id: BroadcastMessageId) -> Sequence[Act]:
        with self.work(read_only=True) as work:
            work.broadcast_messages.get(message_id)
            entries = work.audit.about(str(message_id))
            names = {who: _name(work, who) for who in {entry.who for entry in entries}}
        return [Act(entry, names[entry.who]) for entry in entries]


def act_view(act: Act) -> Json:
    entry = act.entry
    return {
        "at": format_datetime(entry.at),
        "who": entry.who,
        "name": act.name,
        "what": entry.what,
        "where": entry.where,
    }


def _name(work: BroadcastsWork, who: str) -> str | None:
    """Of a user or an API key; what else stands in the log is no id."""
    try:
        known = UUID(who)
    except ValueError:
        return None
    with suppress(NotFound):
        return work.users.get(UserId(known)).name
    with suppress(NotFound):
        return work.api_keys.get(ApiKeyId(known)).name
    return None

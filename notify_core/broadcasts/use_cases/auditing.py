"""Lines in the audit log."""

from datetime import datetime

from notify_core.accounts.ports import AccountsWork
from notify_core.accounts.use_cases import acting
from notify_core.kernel.ids import ApiKeyId, BroadcastMessageId, ServiceId, UserId


def note(
    work: AccountsWork,
    what: str,
    *,
    about: BroadcastMessageId | ServiceId,
    who: UserId | ApiKeyId | str,
    at: datetime,
    where: str,
) -> None:
    """Add a line in the transaction of what it tells. ``where`` is the way in (``http``, ``cli``)."""
    acting.note(work, acting.Actor(str(who), where), what, about, at)

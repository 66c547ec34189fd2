"""How messages are shared out among suppliers, on SQL."""

from functools import cache

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_delivery import supplier_balances
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.statements import insert_ignoring
from notify_core.kernel.errors import Conflict
from notify_core.notifications.model import Balance, Channel, Share

_c = supplier_balances.c
_GET = sa.select(supplier_balances).where(_c.channel == sa.bindparam("of_channel"))
_CHANGE = sa.update(supplier_balances).where(
    _c.channel == sa.bindparam("of_channel"), _c.version == sa.bindparam("was_version")
)


@cache
def _add(dialect: str) -> sa.Executable:
    """The columns; what was added, and nothing where one was there."""
    return insert_ignoring(dialect, supplier_balances).returning(_c.channel)


class SqlBalances:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def get(self, channel: Channel) -> Balance | None:
        row = self._session.row(_GET, {"of_channel": channel})
        if row is None:
            return None
        shares = tuple(Share(*share) for share in row["shares"])
        return Balance(Channel(row["channel"]), shares, row["disturbed_at"], row["slowed_at"], row["version"])

    def change(self, was: Balance | None, becomes: Balance) -> None:
        version = 0 if was is None else was.version
        values = {
            "shares": [[share.supplier, share.points, share.resting, share.active] for share in becomes.shares],
            "disturbed_at": becomes.disturbed_at,
            "slowed_at": becomes.slowed_at,
            "version": version + 1,
        }
        if was is None:
            met = bool(self._session.rows(_add(self._session.dialect), {"channel": becomes.channel, **values}))
        else:
            met = bool(self._session.changed(_CHANGE, {"of_channel": was.channel, "was_version": version, **values}))
        if not met:
            raise Conflict(f"how {becomes.channel} is shared out has changed")

"""How messages are shared out among suppliers, in memory."""

from collections.abc import MutableMapping
from dataclasses import replace

from notify_core.kernel.errors import Conflict
from notify_core.notifications.model import Balance, Channel
from notify_core.testing.fakes.database import MemoryDatabase


class MemoryBalances:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[Channel, Balance] = database.table("balances")

    def get(self, channel: Channel) -> Balance | None:
        return self._rows.get(channel)

    def change(self, was: Balance | None, becomes: Balance) -> None:
        kept, version = self._rows.get(becomes.channel), 0 if was is None else was.version
        if (0 if kept is None else kept.version) != version:
            raise Conflict(f"how {becomes.channel} is shared out has changed")
        self._rows[becomes.channel] = replace(becomes, version=version + 1)

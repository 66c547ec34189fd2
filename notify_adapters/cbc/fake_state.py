"""What there is to see of a fake network: what is on air, what it took, how it answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notify_adapters.cbc.fake_store import Broadcast, Call, FakeNetworkStore, Script
from notify_core.broadcasts.model import InstructionType
from notify_core.broadcasts.ports import NetworkProfile
from notify_core.kernel.calendar import parse_cap_date

_HEARD = {InstructionType.ALERT, InstructionType.UPDATE}
_REFERRING = {InstructionType.UPDATE, InstructionType.CANCEL}


@dataclass(frozen=True, slots=True)
class FakeNetworkState:
    """``broadcasts`` and ``calls`` are the latest, oldest first; ``taken`` counts all broadcasts."""

    profile: NetworkProfile
    enabled: bool
    scripts: Sequence[Script]
    on_air: Sequence[Broadcast]
    taken: int
    broadcasts: Sequence[Broadcast]
    calls: Sequence[Call]


def state_of(
    store: FakeNetworkStore, profile: NetworkProfile, *, enabled: bool, now: datetime, limit: int
) -> FakeNetworkState:
    """What ``store`` knows of one network; at most ``limit`` broadcasts and calls."""
    broadcasts = store.broadcasts(profile.name)
    return FakeNetworkState(
        profile=profile,
        enabled=enabled,
        scripts=[script for script in store.scripts() if script.network == profile.name],
        on_air=on_air(broadcasts, now),
        taken=len(broadcasts),
        broadcasts=broadcasts[-limit:],
        calls=store.calls(profile.name, limit),
    )


def on_air(broadcasts: Sequence[Broadcast], now: datetime) -> Sequence[Broadcast]:
    """Of one network's broadcasts those that phones show at ``now``: alerts and updates that have not expired and
    that nothing later, an update or a cancellation, refers to."""
    over = {
        reference["message_id"]
        for each in broadcasts
        if each.message_type in _REFERRING
        for reference in each.payload["references"]
    }
    return [
        each
        for each in broadcasts
        if each.message_type in _HEARD and each.identifier not in over and parse_cap_date(each.payload["expires"]) > now
    ]

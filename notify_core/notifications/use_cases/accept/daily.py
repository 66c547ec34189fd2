"""How many messages a service may send in a day."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime, timedelta
from typing import Final

from notify_core.accounts.model import Caller, KeyType
from notify_core.kernel.calendar import london_date, london_midnight
from notify_core.kernel.errors import DailyLimitReached
from notify_core.notifications.model import Channel
from notify_core.ports.daily_limits import DailyLimits

# A text abroad counts in both.
INTERNATIONAL_SMS: Final = "international_sms"


def channels_of(channel: Channel, *, international: bool = False) -> tuple[str, ...]:
    """In what a message counts."""
    return (channel.value, INTERNATIONAL_SMS) if international else (channel.value,)


def within_daily_limits(
    limits: DailyLimits, caller: Caller, channels: Sequence[str], now: datetime
) -> AbstractContextManager[None]:
    """Count a message while it is stored; where that fails, it is not counted. Those of test keys never are, nor are
    channels that the service has no limit for.

    :raises DailyLimitReached: the service has sent as many as it may today.
    """
    limited = _limited(caller, channels)
    return _counted(limits, caller, limited, now) if limited else nullcontext()


@contextmanager
def _counted(limits: DailyLimits, caller: Caller, channels: Sequence[str], now: datetime) -> Iterator[None]:
    day, taken = london_date(now), list[str]()
    try:
        for channel in channels:
            _take(limits, caller, channel, day, now)
            taken.append(channel)
        yield
    except BaseException:
        for channel in taken:
            limits.give_back(caller.service.id, channel, day)
        raise


def _limited(caller: Caller, channels: Sequence[str]) -> Sequence[str]:
    if caller.api_key.key_type is KeyType.TEST:
        return ()
    return [channel for channel in channels if channel in caller.service.message_limit]


def _take(limits: DailyLimits, caller: Caller, channel: str, day: date, now: datetime) -> None:
    service = caller.service
    limit = service.message_limit[channel]
    if not limits.take(service.id, channel, day, limit=limit):
        raise DailyLimitReached(
            f"Exceeded send limits ({channel}: {limit}) for today",
            retry_after=london_midnight(day + timedelta(days=1)) - now,
        )

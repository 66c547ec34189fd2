"""How messages are shared out among suppliers, and how that corrects itself.

Source of the rules: the platform's manual, "provider choice". A supplier that fails or is slow loses points to the
others; after an hour of quiet all go back to where they rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from notify_core.kernel.errors import InvalidValue, NotAllowed, NotFound
from notify_core.notifications.model import Balance, Channel, DeliverySpeed, Share

ALL_POINTS: Final = 100
STEP: Final = 10
ONE_ERROR_PER: Final = timedelta(minutes=1)
ONE_SLOWNESS_PER: Final = timedelta(minutes=10)
QUIET: Final = timedelta(hours=1)
# Messages of this last while are looked at; those that took longer than this are slow.
LATE_WHILE: Final = timedelta(minutes=10)
SLOW_AFTER: Final = timedelta(minutes=4)
_SLOW_PERCENT: Final = 30


def balance_of(kept: Balance | None, channel: Channel, suppliers: Iterable[str]) -> Balance:
    """``kept`` if it is about just these suppliers. Others begin in equal parts; who was inactive stays so."""
    names = sorted(suppliers)
    if kept is not None and [share.supplier for share in kept.shares] == names:
        return kept
    inactive = {share.supplier for share in kept.shares if not share.active} if kept is not None else set()
    points = _equal_parts(ALL_POINTS, len(names))
    shares = tuple(Share(name, part, part, name not in inactive) for name, part in zip(names, points, strict=True))
    return Balance(channel, shares, version=0 if kept is None else kept.version)


def weights(balance: Balance) -> Mapping[str, int]:
    """The chance of each supplier that may be chosen. Where none of the active has a point their chances are equal,
    and where none is active, those of all: a message that is accepted has to go somewhere."""
    active = [share for share in balance.shares if share.active] or list(balance.shares)
    if not any(share.points for share in active):
        return {share.supplier: 1 for share in active}
    return {share.supplier: share.points for share in active}


def after_error(balance: Balance, supplier: str, now: datetime) -> Balance:
    """``supplier`` could not take a message."""
    return balance if _within(ONE_ERROR_PER, balance.disturbed_at, now) else _moved_away(balance, supplier, now)


def after_slowness(balance: Balance, speeds: Sequence[DeliverySpeed], now: datetime) -> Balance:
    """What ``speeds`` say about the suppliers of the balance. Where all are slow it is nobody's fault in particular.
    Another supplier's errors, however many, do not hide it."""
    slow = {speed.supplier for speed in speeds if speed.slow * 100 >= speed.messages * _SLOW_PERCENT and speed.slow}
    active = {share.supplier for share in balance.shares if share.active}
    if _within(ONE_SLOWNESS_PER, balance.slowed_at, now) or not active - slow:
        return balance
    becomes = balance
    for supplier in sorted(active & slow):
        becomes = _moved_away(becomes, supplier, now, never_to=slow)
    return balance if becomes is balance else replace(becomes, slowed_at=now)


def drifted(balance: Balance, now: datetime) -> Balance:
    """One step back to rest, after an hour in which nothing disturbed."""
    away = sum(max(share.points - share.resting, 0) for share in balance.shares)
    if not away or _within(QUIET, balance.disturbed_at, now):
        return balance
    step = min(STEP, away)
    points = {share.supplier: share.points for share in balance.shares}
    for direction in (1, -1):
        left = step
        for share in sorted(balance.shares, key=lambda one: (one.resting - one.points) * direction):
            part = min(left, max((share.points - share.resting) * direction, 0))
            points[share.supplier] -= part * direction
            left -= part
    return _with_points(balance, points)


def with_resting(balance: Balance, wanted: Mapping[str, int], now: datetime) -> Balance:
    """As an operator wants it, from now on and when nothing disturbs.

    :raises InvalidValue: these are not the suppliers, or not 100 points.
    """
    names = [share.supplier for share in balance.shares]
    if sorted(wanted) != names:
        raise InvalidValue(f"give the points of each of {', '.join(names)}, and of no other")
    if any(points < 0 for points in wanted.values()) or sum(wanted.values()) != ALL_POINTS:
        raise InvalidValue(f"the points must be {ALL_POINTS} together, and none below 0")
    shares = tuple(
        replace(share, points=wanted[share.supplier], resting=wanted[share.supplier]) for share in balance.shares
    )
    return replace(balance, shares=shares, disturbed_at=now, slowed_at=now)


def with_active(balance: Balance, supplier: str, *, active: bool, now: datetime) -> Balance:
    """With ``supplier`` in use or not.

    :raises NotFound: there is no such supplier. :raises NotAllowed: nobody else is left.
    """
    if supplier not in {share.supplier for share in balance.shares}:
        names = ", ".join(share.supplier for share in balance.shares)
        raise NotFound(f"there is no {balance.channel} supplier {supplier}; there are: {names}")
    if not active and not any(share.active for share in balance.shares if share.supplier != supplier):
        raise NotAllowed(f"{supplier} is the only {balance.channel} supplier in use")
    shares = tuple(replace(one, active=active) if one.supplier == supplier else one for one in balance.shares)
    return balance if shares == balance.shares else replace(balance, shares=shares, disturbed_at=now, slowed_at=now)


def _moved_away(balance: Balance, supplier: str, now: datetime, never_to: Iterable[str] = ()) -> Balance:
    """A step of ``supplier``'s points, in equal parts, to the others that are in use."""
    points = {share.supplier: share.points for share in balance.shares}
    others = [
        share.supplier for share in balance.shares if share.active and share.supplier not in {supplier, *never_to}
    ]
    step = min(STEP, points.get(supplier, 0))
    if not step or not others:
        return balance
    points[supplier] -= step
    # The first parts are the larger ones: they go to those that have least.
    others.sort(key=lambda name: (points[name], name))
    for name, part in zip(others, _equal_parts(step, len(others)), strict=True):
        points[name] += part
    return replace(_with_points(balance, points), disturbed_at=now)


def _with_points(balance: Balance, points: Mapping[str, int]) -> Balance:
    return replace(balance, shares=tuple(replace(one, points=points[one.supplier]) for one in balance.shares))


def _within(time: timedelta, moment: datetime | None, now: datetime) -> bool:
    return moment is not None and now - moment < time


def _equal_parts(whole: int, number: int) -> Sequence[int]:
    return [whole // number + (place < whole % number) for place in range(number)]

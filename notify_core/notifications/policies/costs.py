"""What messages cost. Source: the rates that a deployer sets; amounts are exact."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from notify_core.notifications.model import Channel, Cost, Notification, SmsBill, SmsRate
from notify_core.notifications.states import Status

FREE = Cost(Decimal(0))


def cost_of(notification: Notification, rates: Iterable[SmsRate]) -> Cost | None:
    """None where it is not known yet: how many fragments a text had shows when it is handed over, and what one costs
    is for the deployer to say. Emails cost nothing; what letters cost is told by those who know their sheets."""
    if notification.channel is Channel.EMAIL:
        return FREE
    rate = rate_at(notification.created_at, rates)
    if notification.channel is not Channel.SMS or rate is None or notification.status is Status.CREATED:
        return None
    bill = SmsBill(notification.billable_units, notification.rate_multiplier, rate.rate)
    return Cost(bill.fragments * bill.multiplier * bill.rate, bill)


def rate_at(moment: datetime, rates: Iterable[SmsRate]) -> SmsRate | None:
    """The rate that holds at ``moment``; None before the first."""
    begun = (rate for rate in rates if rate.valid_from <= moment)
    return max(begun, key=lambda rate: rate.valid_from, default=None)


def sends_receipts(number: str, moment: datetime, rates: Iterable[SmsRate]) -> bool:
    """Whether receipts of a text to this number abroad (E.164), accepted at ``moment``, are to be believed."""
    rate = rate_at(moment, rates)
    return rate is None or not any(number.startswith(f"+{prefix}") for prefix in rate.without_receipts)


def multiplier_for(number: str, moment: datetime, rates: Iterable[SmsRate]) -> int:
    """How many times the rate a fragment to this number abroad (E.164) costs, by the longest prefix that is named;
    once where none is."""
    rate = rate_at(moment, rates)
    prefixes = () if rate is None else tuple(prefix for prefix in rate.multipliers if number.startswith(f"+{prefix}"))
    return 1 if rate is None or not prefixes else rate.multipliers[max(prefixes, key=len)]

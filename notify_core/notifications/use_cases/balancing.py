"""Which supplier gets a message, and how that changes."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from notify_core.kernel.errors import NotifyError
from notify_core.notifications.model import Balance, Channel
from notify_core.notifications.policies import balance as policy
from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.tasks import SwitchOnSlowDelivery, TendBackToRest
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

S = TypeVar("S")
_Change = Callable[[Balance, datetime], Balance]


@dataclass(frozen=True)
class Choice:
    """The choice among a channel's suppliers. ``recent`` may answer with what was true a moment ago: nobody should
    ask the database for every message what changes once a minute at most."""

    work: UnitOfWorkFactory[NotificationsWork]
    recent: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    random: RandomSource

    def among(self, channel: Channel, suppliers: Mapping[str, S]) -> S:
        """One of them, by chance, each as often as its points say."""
        if len(suppliers) == 1:
            return next(iter(suppliers.values()))
        with self.recent(read_only=True) as work:
            weights = policy.weights(policy.balance_of(work.balances.get(channel), channel, suppliers))
        names = list(weights)
        return suppliers[self.random.choose(names, [weights[name] for name in names])]

    def failed(self, channel: Channel, suppliers: Mapping[str, Any], supplier: str) -> None:
        """Note that ``supplier`` could not take a message. Where that cannot be noted the next failure will be."""
        now = self.clock.now()
        with suppress(NotifyError):
            # Thousands fail in an outage. Looked at first is what costs nothing.
            with self.recent(read_only=True) as work:
                seen = policy.balance_of(work.balances.get(channel), channel, suppliers)
            if policy.after_error(seen, supplier, now) is seen:
                return
            with self.work() as work:
                if _changed(work, channel, suppliers, now, lambda one, at: policy.after_error(one, supplier, at)):
                    work.commit()
                    _log.warning("%s fails and gets fewer messages", supplier)


@dataclass(frozen=True)
class SwitchOnSlowness:
    """The task ``switch-current-sms-provider-on-slow-delivery``: who is slow gets fewer texts."""

    work: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    sms_names: Collection[str]

    def __call__(self, _task: SwitchOnSlowDelivery, claim: Claim) -> None:
        now = self.clock.now()
        with self.work(read_only=True) as work:
            speeds = work.notifications.sms_speeds(now - policy.LATE_WHILE, policy.SLOW_AFTER, now)
        with self.work() as work:
            if _changed(work, Channel.SMS, self.sms_names, now, lambda one, at: policy.after_slowness(one, speeds, at)):
                _log.warning("a supplier delivers slowly and gets fewer texts: %s", speeds)
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class TendSuppliersBackToRest:
    """The task ``tend-providers-back-to-middle``: a step back to rest after an hour of quiet."""

    work: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    sms_names: Collection[str]

    def __call__(self, _task: TendBackToRest, claim: Claim) -> None:
        with self.work() as work:
            _changed(work, Channel.SMS, self.sms_names, self.clock.now(), policy.drifted)
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class ShowSmsSuppliers:
    """How texts are shared out at present."""

    work: UnitOfWorkFactory[NotificationsWork]
    sms_names: Collection[str]

    def __call__(self) -> Balance:
        with self.work(read_only=True) as work:
            return policy.balance_of(work.balances.get(Channel.SMS), Channel.SMS, self.sms_names)


@dataclass(frozen=True)
class ShareOutSms:
    """What an operator decides about the SMS suppliers.

    :raises Conflict: a rule changed something at this moment.
    """

    work: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    sms_names: Collection[str]

    def rest_at(self, points: Mapping[str, int]) -> Balance:
        """Texts are shared out by these points from now on.

        :raises InvalidValue: these are not the suppliers, or not 100 points.
        """
        return self._change(lambda one, now: policy.with_resting(one, points, now))

    def activate(self, supplier: str) -> Balance:
        """``supplier`` gets texts. :raises NotFound: there is no such supplier."""
        return self._change(lambda one, now: policy.with_active(one, supplier, active=True, now=now))

    def deactivate(self, supplier: str) -> Balance:
        """``supplier`` gets none.

        :raises NotFound: there is no such supplier. :raises NotAllowed: nobody else is left.
        """
        return self._change(lambda one, now: policy.with_active(one, supplier, active=False, now=now))

    def _change(self, change: _Change) -> Balance:
        with self.work() as work:
            if _changed(work, Channel.SMS, self.sms_names, self.clock.now(), change):
                work.commit()
        return ShowSmsSuppliers(self.work, self.sms_names)()


def _changed(
    work: NotificationsWork, channel: Channel, suppliers: Iterable[str], now: datetime, change: _Change
) -> bool:
    """Let ``change`` happen to the balance; whether it did anything."""
    kept = work.balances.get(channel)
    was = policy.balance_of(kept, channel, suppliers)
    becomes = change(was, now)
    if becomes is was:
        return False
    work.balances.change(kept, becomes)
    return True

"""Watching for services whose texts do not arrive, or go to numbers that nobody has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from notify_core.accounts.model import Service
from notify_core.alarms.use_cases import RaiseTicket
from notify_core.housekeeping.model import TextsSent
from notify_core.housekeeping.policies import TV_NUMBERS, fails_often, is_watched, writes_to_television
from notify_core.housekeeping.ports import HousekeepingWork
from notify_core.housekeeping.tasks import CheckFailureRates
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.tickets import TicketPriority
from notify_core.ports.unit_of_work import UnitOfWorkFactory

LOOKED_BACK: Final = timedelta(hours=24)

_Found = Sequence[tuple[Service, TextsSent]]


@dataclass(frozen=True)
class CheckServicesTexts:
    """The task ``check-for-services-with-high-failure-rates-or-sending-to-tv-numbers``: one ticket names them all."""

    work: UnitOfWorkFactory[HousekeepingWork]
    clock: Clock
    raise_ticket: RaiseTicket

    def __call__(self, _task: CheckFailureRates, claim: Claim) -> None:
        since = self.clock.now() - LOOKED_BACK
        with self.work(read_only=True) as work:
            watched = [service for service in work.services.all() if is_watched(service)]
            sent = [(service, work.statistics.texts_sent(service.id, since, TV_NUMBERS)) for service in watched]
        failing = [one for one in sent if fails_often(one[1])]
        to_television = [one for one in sent if writes_to_television(one[1])]
        with self.work() as work:
            if failing or to_television:
                self.raise_ticket(
                    work,
                    subject="High failure rates, or texts to TV numbers",
                    body=_body(failing, to_television),
                    priority=TicketPriority.NORMAL,
                )
            work.finish(claim)
            work.commit()


def _body(failing: _Found, to_television: _Found) -> str:
    lines = []
    if failing:
        lines.append("A quarter or more of their texts of the last 24 hours failed for good:")
        lines += [
            f"- {service.name} ({service.id}): {sent.failed_for_good} of {sent.total}" for service, sent in failing
        ]
    if to_television:
        lines.append("They wrote more than 500 texts to numbers that are set aside for television:")
        lines += [f"- {service.name} ({service.id}): {sent.to_tv_numbers}" for service, sent in to_television]
    return "\n".join(lines)

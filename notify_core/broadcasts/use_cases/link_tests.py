"""Whether the ways to the networks are open, found out while nobody needs them. Source: broadcasts.md, section 5."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from notify_core.broadcasts.model import (
    AttemptOutcome,
    Instruction,
    InstructionType,
    LinkState,
    LinkTest,
    Route,
    message_number,
)
from notify_core.broadcasts.ports import BroadcastsWork, NetworkFailed, Networks
from notify_core.broadcasts.tasks import TriggerLinkTest, TriggerLinkTests
from notify_core.broadcasts.use_cases.views import Json
from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import LinkTestId
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.random_source import RandomSource
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

logger = logging.getLogger(__name__)

KEPT: Final = timedelta(days=30)
# Two tests should have come in this time.
OVERDUE: Final = timedelta(minutes=30)
COUNTED: Final = timedelta(hours=24)


@dataclass(frozen=True)
class StartLinkTests:
    """The task ``trigger-link-tests``: a test of each network that is enabled and connected."""

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    known_networks: Networks
    # Many times what a quarter of an hour brings.
    batch: int = 1_000

    def __call__(self, task: TriggerLinkTests, claim: Claim) -> None:  # noqa: ARG002 - it has no arguments
        known = self.known_networks
        connected = [network for network in known.enabled() if known.is_connected(network)]
        with self.work() as work:
            for network in connected:
                work.enqueue(TriggerLinkTest(network))
            work.link_tests.remove_before(self.clock.now() - KEPT, self.batch)
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class TryRoutes:
    """The task ``trigger-link-test``: both routes of a network, whatever the first one says. Each result is kept
    as soon as it is there; a bad one is a result like any other.

    :raises NotFound: the network is unknown.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    random: RandomSource
    metrics: Metrics
    networks: Networks

    def __call__(self, task: TriggerLinkTest, claim: Claim) -> None:
        if not (self.networks.is_connected(task.provider) and task.provider in self.networks.enabled()):
            logger.info("Links not tested: the network is not connected", extra={"provider": task.provider})
            self._finish(claim)
            return
        identifier, number = LinkTestId(self.random.uuid()), self._number(task.provider)
        # The same message on both: what a broadcast would do.
        said = Instruction(InstructionType.TEST, str(identifier), message_number=number)
        for route in Route:
            at, begun = self.clock.now(), self.clock.monotonic()
            fault = self._try(task.provider, route, said)
            outcome = AttemptOutcome.ACKNOWLEDGED if fault is None else AttemptOutcome.FAILED
            seconds = self.clock.monotonic() - begun
            self._keep(LinkTest(identifier, task.provider, route, at, outcome, seconds, number, fault))
        self._finish(claim)

    def _number(self, provider: str) -> str | None:
        """Where the network needs one, the next; it is taken for good before it is used."""
        if not self.networks.profile(provider).needs_number:
            return None
        with self.work() as work:
            number = work.provider_messages.next_number()
            work.commit()
        return message_number(number)

    def _try(self, provider: str, route: Route, said: Instruction) -> str | None:
        """None: acknowledged; else what happened."""
        try:
            self.networks.send(provider, route, said)
        except NetworkFailed as error:
            return str(error)
        return None

    def _keep(self, test: LinkTest) -> None:
        self.metrics.count(f"broadcast.{test.provider}.{test.route.value}.link-test-{test.outcome}")
        if test.outcome is AttemptOutcome.FAILED:
            about = {"provider": test.provider, "route": test.route.value, "identifier": str(test.id)}
            logger.warning("Link test failed: %s", test.detail, extra=about)
        with self.work() as work:
            work.link_tests.add(test)
            work.commit()

    def _finish(self, claim: Claim) -> None:
        with self.work() as work:
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class ShowLinks:
    """The latest test of each route of every enabled network, as JSON values; ``outcome`` is null where there was
    none. ``overdue``: the latest one says nothing about now, because others should have followed it."""

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    networks: Networks

    def __call__(self) -> list[Json]:
        now = self.clock.now()
        with self.work(read_only=True) as work:
            states = work.link_tests.latest(now - COUNTED)
        known = {(state.latest.provider, state.latest.route): state for state in states}
        return [
            self._link(network, route, known.get((network, route)), now)
            for network in self.networks.enabled()
            for route in Route
        ]

    def _link(self, network: str, route: Route, state: LinkState | None, now: datetime) -> Json:
        connected = self.networks.is_connected(network)
        link = {
            "provider": network,
            "route": route.value,
            "function": self.networks.profile(network).functions[route - 1],
            "connected": connected,
            "overdue": connected and (state is None or state.latest.at <= now - OVERDUE),
        }
        return {**link, **(_NEVER if state is None else _latest(state))}


_NEVER: Final[Json] = {
    "outcome": None,
    "at": None,
    "seconds": None,
    "detail": None,
    "identifier": None,
    "message_number": None,
    "acknowledged_24h": 0,
    "failed_24h": 0,
}


def _latest(state: LinkState) -> Json:
    latest = state.latest
    return {
        "outcome": latest.outcome.value,
        "at": format_datetime(latest.at),
        "seconds": latest.seconds,
        "detail": latest.detail,
        "identifier": str(latest.id),
        "message_number": latest.message_number,
        "acknowledged_24h": state.acknowledged,
        "failed_24h": state.failed,
    }

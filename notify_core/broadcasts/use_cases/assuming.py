"""Settling what an instruction waits for by what an operator says became of it."""

from dataclasses import dataclass
from datetime import datetime

from notify_core.broadcasts.model import Assumption, AttemptOutcome, BroadcastEvent, ProviderMessage
from notify_core.broadcasts.policies.network_view import Blocker
from notify_core.broadcasts.policies.sequencing import Situation, spoken
from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.kernel.errors import NotAllowed
from notify_core.kernel.ids import ProviderMessageId
from notify_core.ports.random_source import RandomSource
from notify_core.ports.task_ledger import LEASE, LONGEST_EXECUTION

# A try that began this long ago and has no end has lost its worker: nobody is calling the network any more.
IN_THE_AIR = LONGEST_EXECUTION + LEASE


@dataclass(frozen=True)
class Assuming:
    """For one event at one network, in the transaction ``work``. Whatever is refused is raised before the
    transaction could be committed."""

    work: BroadcastsWork
    random: RandomSource
    situation: Situation
    assume: Assumption

    def __call__(self) -> tuple[BroadcastEvent, ...]:
        """Settle all the earlier events that are in the way, and say which these were.

        :raises NotAllowed: it cannot be assumed of one of them; the reason says why.
        :raises Conflict: a worker has just ended one of them.
        """
        event, provider = self.situation.event, self._provider
        if self.situation.own is not None:
            raise NotAllowed(
                f"the {event.type} {event.id} was tried at {provider} already: "
                "what is said under its identifier cannot become another thing. Leave --assume out"
            )
        blockers = self.situation.view.blockers(event, self.situation.now)
        if not blockers:
            raise NotAllowed(f"no earlier event is in the way at {provider}: leave --assume out")
        for blocker in blockers:
            self._settle(blocker)
        return tuple(blocker.event for blocker in blockers)

    @property
    def _provider(self) -> str:
        return self.situation.view.provider

    def _settle(self, blocker: Blocker) -> None:
        if blocker.copy is None:
            self._never(blocker.event)
            return
        becomes = blocker.copy.taken_for(self.assume, self.situation.now)
        # The change first: a worker that begins a try at this moment touches the same row. Whoever is second
        # waits, and sees what the first has done.
        self.work.provider_messages.change(blocker.copy, becomes)
        self._check_history(blocker.event, blocker.copy)

    def _never(self, earlier: BroadcastEvent) -> None:
        """It was never handed over; given up beforehand it will not go out after what comes after it."""
        if self.assume is Assumption.SENT:
            raise NotAllowed(
                f"the {earlier.type} {earlier.id} was never handed to {self._provider}: it cannot have been sent"
            )
        now = self.situation.now
        copy = ProviderMessage(
            id=ProviderMessageId(self.random.uuid()),
            broadcast_event_id=earlier.id,
            broadcast_message_id=earlier.broadcast_message_id,
            provider=self._provider,
            created_at=now,
        )
        self.work.provider_messages.add(copy.taken_for(self.assume, now))

    def _check_history(self, earlier: BroadcastEvent, copy: ProviderMessage) -> None:
        attempts = self.work.provider_messages.attempts(copy.id)
        heard = any(one.outcome is AttemptOutcome.ACKNOWLEDGED for one in attempts)
        if heard and self.assume is Assumption.NOT_SENT:
            raise NotAllowed(
                f"{self._provider} has acknowledged the {earlier.type} {earlier.id}: only --assume sent is true of it"
            )
        if attempts and attempts[-1].outcome is AttemptOutcome.STARTED:
            self._check_not_in_the_air(earlier, attempts[-1].at)

    def _check_not_in_the_air(self, earlier: BroadcastEvent, since: datetime) -> None:
        until = since + IN_THE_AIR
        if self.situation.now < until:
            raise NotAllowed(
                f"a call with the {earlier.type} {earlier.id} may still be under way at {self._provider}: "
                f"look again, at the latest at {spoken(until)}"
            )

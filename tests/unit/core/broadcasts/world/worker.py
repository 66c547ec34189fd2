"""Workers that do what is due, one row after the other."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from notify_core.alarms.tasks import CreateTicket
from notify_core.alarms.use_cases import CreateTicketInSystem
from notify_core.broadcasts.model import BroadcastEvent
from notify_core.broadcasts.tasks import (
    CompleteExpiredBroadcasts,
    SendBroadcastEvent,
    SendBroadcastProviderMessage,
    SimplifyBroadcastAreas,
    TriggerLinkTest,
    TriggerLinkTests,
)
from notify_core.ports.task_ledger import LEASE, EntryState, LedgerEntry, RelayLimits
from notify_core.registry.assemble import Handlers
from notify_core.registry.execute import Execute
from notify_core.registry.tasks import REGISTRY
from notify_core.registry.under_way import UnderWay
from notify_core.testing.builders import claim_row
from notify_core.testing.fakes.heartbeats import MemoryHeartbeats
from tests.unit.core.broadcasts.world.looking import Looking
from tests.unit.core.broadcasts.world.mortal import ProcessDied

BACKGROUND = (
    SendBroadcastEvent,
    SendBroadcastProviderMessage,
    CompleteExpiredBroadcasts,
    SimplifyBroadcastAreas,
    TriggerLinkTests,
    TriggerLinkTest,
)


class Worker(Looking):
    def run(self, *tasks: type, times: int = 1, backwards: bool = False) -> None:
        """Do what is due (of these kinds), ``times`` rounds; what fails goes back to the ledger."""
        for _ in range(times):
            due = self.ledger.publish_due(RelayLimits(), "relay")
            for publication in reversed(due) if backwards else due:
                if not tasks or publication.task in {task.name for task in tasks}:
                    self.run_row(publication.entry_id)
                else:
                    self.ledger.put_back([publication.entry_id], "relay")

    def run_one(self, choose: Any) -> None:
        """A worker does one of the tasks that are due; the others lie in the queue a while longer."""
        due = [publication.entry_id for publication in self.ledger.publish_due(RelayLimits(), "relay")]
        if due:
            chosen = choose(due)
            self.ledger.put_back([entry_id for entry_id in due if entry_id != chosen], "relay")
            self.run_row(chosen)

    def run_and_die(self, commits: int) -> None:
        """One process after the other takes what is due and dies at the commit behind this many."""
        for publication in self.ledger.publish_due(RelayLimits(), "relay"):
            self.storage.dies_after = commits
            with suppress(ProcessDied):
                self.run_row(publication.entry_id)
        self.storage.dies_after = None

    def run_row(self, entry_id: Any) -> None:
        """A worker takes the row out of its queue; it drops it when it is gone, or somebody else's."""
        self.execute(entry_id, "worker")

    @property
    def execute(self) -> Execute:
        # Made each time, so that a part replaced by a test is the one in use.
        tickets = CreateTicketInSystem(self.storage, self.ticketing, self.clock)
        return Execute(
            self.ledger,
            {**Handlers(self, {task: REGISTRY[task] for task in BACKGROUND}), CreateTicket: tickets},
            self.storage,
            self.metrics,
            MemoryHeartbeats(),
            self.clock,
            UnderWay(self.clock),
        )

    def deliver(self) -> None:
        """From the event's task to every network's answer."""
        self.run(SendBroadcastEvent)
        self.run(SendBroadcastProviderMessage)

    def claim_for(self, event: BroadcastEvent, provider: str) -> Any:
        """The claim on the task for one network (its row made if it is not there)."""
        task = SendBroadcastProviderMessage(event.id, provider)
        with self.storage() as work:
            work.enqueue(task)
            work.commit()
        self.ledger.publish_due(RelayLimits(), "relay")
        rows: Iterable[LedgerEntry] = self.rows(SendBroadcastProviderMessage)
        row = next(r for r in rows if r.dedupe == task.dedupe_key() and r.state is not EntryState.FAILED)
        claim = claim_row(self.ledger, row.id, "worker", LEASE)
        assert claim is not None
        return claim

    def send_now(self, event: BroadcastEvent, provider: str = "ee") -> Any:
        """Run the task for one network once, errors and all; returns its claim."""
        claim = self.claim_for(event, provider)
        try:
            self.send(SendBroadcastProviderMessage(event.id, provider), claim)
        except Exception as error:
            self.ledger.fail(claim, str(error))
            raise
        return claim

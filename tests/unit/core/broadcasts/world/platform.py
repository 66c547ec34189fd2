"""The platform in memory, its use cases, and ways to put things into it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from notify_core.accounts.model import Permission
from notify_core.alarms.use_cases import RaiseTicket
from notify_core.broadcasts.model import BroadcastEvent, BroadcastMessage, ProviderMessage
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.broadcasts.use_cases.change_status import ChangeBroadcastStatus
from notify_core.broadcasts.use_cases.create_message import CreateBroadcastMessage
from notify_core.broadcasts.use_cases.edit_message import EditBroadcastMessage
from notify_core.broadcasts.use_cases.list_broadcasts import ListBroadcasts
from notify_core.broadcasts.use_cases.replay import ReplayBroadcast
from notify_core.broadcasts.use_cases.revise import DecideRevision, ProposeRevision
from notify_core.broadcasts.use_cases.send_to_network import SendToNetwork
from notify_core.broadcasts.use_cases.show_broadcast import LookAtBroadcast, ShowBroadcast
from notify_core.broadcasts.use_cases.submit_cap import SubmitCap
from notify_core.registry.reactions import react
from notify_core.testing.builders import NOON, a_service, a_user, an_api_key, broadcast_settings
from notify_core.testing.fakes.cap_reader import MemoryCapReader
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.metrics import MemoryMetrics
from notify_core.testing.fakes.networks import MemoryNetworks
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.smoother import MemorySmoother
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger
from notify_core.testing.fakes.tickets import MemoryTickets
from tests.unit.core.broadcasts.world.mortal import MortalStorage


@dataclass
class Platform:
    rules: BroadcastRules = field(default_factory=BroadcastRules)

    def __post_init__(self) -> None:
        self.storage = MortalStorage(react=react)
        self.database = self.storage.database
        # The name under which use cases that do background work ask for it.
        self.work = self.storage
        self.ledger = MemoryTaskLedger(self.database)
        self.clock = FakeClock(NOON)
        self.random = SeededRandom()
        self.metrics = MemoryMetrics()
        self.networks: Any = MemoryNetworks()
        self.smoother: Any = MemorySmoother()
        self.ticketing = MemoryTickets()
        self.service = a_service(permissions=frozenset({Permission.BROADCAST}))
        self.author, self.approver, self.stranger = a_user(), a_user(), a_user()
        self.admin = a_user(platform_admin=True)
        self.key = an_api_key(service_id=self.service.id)
        with self.storage() as work:
            work.services.put(self.service)
            work.settings.put_broadcast(broadcast_settings(service_id=self.service.id))
            work.api_keys.put(self.key)
            for user in (self.author, self.approver, self.stranger, self.admin):
                work.users.put(user)
            for user in (self.author, self.approver):
                work.users.add_to_service(user.id, self.service.id)
            work.commit()

    # The use cases, assembled

    @property
    def known_networks(self) -> Any:
        return self.networks

    @property
    def raise_ticket(self) -> RaiseTicket:
        return RaiseTicket(self.clock, self.random)

    @property
    def create(self) -> CreateBroadcastMessage:
        return CreateBroadcastMessage(self.storage, self.clock, self.random, self.smoother)

    @property
    def edit(self) -> EditBroadcastMessage:
        return EditBroadcastMessage(self.storage, self.clock, self.smoother)

    @property
    def change(self) -> ChangeBroadcastStatus:
        return ChangeBroadcastStatus(
            self.storage, self.clock, self.random, self.networks, self.rules, self.raise_ticket
        )

    @property
    def propose(self) -> ProposeRevision:
        return ProposeRevision(self.storage, self.clock, self.random, self.smoother)

    @property
    def decide(self) -> DecideRevision:
        return DecideRevision(self.storage, self.clock, self.random, self.rules, self.raise_ticket)

    @property
    def submit(self) -> SubmitCap:
        return SubmitCap(
            self.storage,
            self.clock,
            self.random,
            MemoryCapReader(),
            self.smoother,
            self.rules,
            self.raise_ticket,
        )

    @property
    def show(self) -> ShowBroadcast:
        return ShowBroadcast(self.look)

    @property
    def look(self) -> LookAtBroadcast:
        return LookAtBroadcast(self.storage, self.clock, self.ledger, self.networks)

    @property
    def list_all(self) -> ListBroadcasts:
        return ListBroadcasts(self.storage, self.clock, self.ledger, self.networks)

    @property
    def replay(self) -> ReplayBroadcast:
        return ReplayBroadcast(self.storage, self.clock, self.random, self.metrics, self.ledger, self.networks)

    @property
    def send(self) -> SendToNetwork:
        return SendToNetwork(self.storage, self.clock, self.random, self.metrics, self.networks)

    # Putting things in place

    def put_service(self, **changes: Any) -> None:
        self.service = replace(self.service, **changes)
        with self.storage() as work:
            work.services.put(self.service)
            work.commit()

    def put_settings(self, **changes: Any) -> None:
        with self.storage() as work:
            work.settings.put_broadcast(broadcast_settings(service_id=self.service.id, **changes))
            work.commit()

    def add(self, *things: BroadcastMessage | BroadcastEvent | ProviderMessage) -> None:
        with self.storage() as work:
            for thing in things:
                match thing:
                    case BroadcastMessage():
                        work.broadcast_messages.add(thing)
                    case BroadcastEvent():
                        work.broadcast_events.add(thing)
                    case ProviderMessage():
                        work.provider_messages.add(thing)
            work.commit()

    def advance(self, by: timedelta) -> None:
        self.clock.advance(by)
        self.database.advance(by)

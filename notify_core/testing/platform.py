"""The whole platform in one process's memory, for the tests of applications that use it.

Nothing happens by itself: background work is done when :meth:`InMemoryPlatform.run_until_idle` is
called, in the calling thread, and time passes when :meth:`InMemoryPlatform.advance` is.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from notify_core.accounts.model import ApiKey, BroadcastSettings, Callback, ReplyTo, Service, SmsSender, User
from notify_core.alarms.use_cases import RaiseTicket
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.broadcasts.ports import Networks
from notify_core.callbacks.policies import CallbackRules
from notify_core.documents.use_cases import KeepFiles
from notify_core.letters.policies.rules import LetterRules
from notify_core.notifications.policies.rules import SendingRules
from notify_core.ports.task_queue import Publication
from notify_core.registry.assemble import Handlers, assemble
from notify_core.registry.execute import Execute
from notify_core.registry.reactions import react
from notify_core.registry.relay import Relay
from notify_core.registry.schedule import SCHEDULED
from notify_core.registry.tasks import REGISTRY
from notify_core.registry.tick import RunDueSchedule
from notify_core.registry.under_way import UnderWay
from notify_core.templates.model import Template
from notify_core.testing.fakes.bank_holidays import MemoryBankHolidays
from notify_core.testing.fakes.callback_sender import MemoryCallbackSender
from notify_core.testing.fakes.cap_reader import MemoryCapReader
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.daily_limits import MemoryDailyLimits
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.documents import MemoryDocumentStore
from notify_core.testing.fakes.heartbeats import MemoryHeartbeats
from notify_core.testing.fakes.inbound import MemoryInboundTranslator
from notify_core.testing.fakes.letter_announcements import MemoryLetterAnnouncements
from notify_core.testing.fakes.letter_printer import MemoryLetterPrinter
from notify_core.testing.fakes.letter_renderer import MemoryLetterRenderer
from notify_core.testing.fakes.letter_sanitiser import MemoryLetterSanitiser
from notify_core.testing.fakes.letter_store import MemoryLetterStore
from notify_core.testing.fakes.metrics import MemoryMetrics
from notify_core.testing.fakes.networks import MemoryNetworks
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.rate_limiter import MemoryRateLimiter
from notify_core.testing.fakes.receipts import MemoryReceiptTranslator
from notify_core.testing.fakes.recipient_files import MemoryRecipientFiles
from notify_core.testing.fakes.secrets import MemorySecrets
from notify_core.testing.fakes.smoother import MemorySmoother
from notify_core.testing.fakes.suppliers import MemoryEmailSupplier, MemorySmsSupplier
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger
from notify_core.testing.fakes.task_queue import MemoryTaskQueue
from notify_core.testing.fakes.tickets import MemoryTickets
from notify_core.testing.fakes.unit_of_work import MemoryStorage, MemoryUnitOfWork
from notify_core.testing.fakes.virus_scanner import MemoryVirusScanner

U = TypeVar("U")

# Far beyond what a test enqueues on purpose.
ENDLESS = 100_000


class InMemoryPlatform:
    """Its attributes are the parts, under the names that use cases call them by. The fakes can be
    scripted to fail and asked what they hold; those of the outside world may be replaced."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.database = MemoryDatabase(self.clock.now())
        self.work = MemoryStorage(self.database, react)
        self.recent = self.work
        self.ledger = MemoryTaskLedger(self.database)
        self.queue = MemoryTaskQueue()
        self.random = SeededRandom()
        self.metrics = MemoryMetrics()
        self.heartbeats = MemoryHeartbeats()
        self.secrets = MemorySecrets()
        self.tickets = MemoryTickets()
        self.networks = MemoryNetworks()
        self.cap_reader = MemoryCapReader()
        self.smoother = MemorySmoother()
        self.rate_limiter = MemoryRateLimiter(self.clock)
        self.daily_limits = MemoryDailyLimits(self.database.table("daily_usage"))
        self.callback_sender = MemoryCallbackSender()
        self.callback_rules = CallbackRules()
        self.sms = MemorySmsSupplier()
        self.email = MemoryEmailSupplier()
        self.sms_suppliers = {self.sms.name: self.sms}
        self.email_suppliers = {self.email.name: self.email}
        self.receipts = MemoryReceiptTranslator()
        self.sms_receipt_translators = {self.receipts.supplier: self.receipts}
        self.email_receipt_translators = {self.receipts.supplier: self.receipts}
        self.inbound = MemoryInboundTranslator()
        self.inbound_translators = {self.inbound.supplier: self.inbound}
        self.broadcast_rules = BroadcastRules()
        self.letter_rules = LetterRules()
        self.sending_rules = SendingRules("http://localhost:6011", "http://localhost:6012", "notify.localhost")
        self.documents = MemoryDocumentStore()
        self.recipient_files = MemoryRecipientFiles()
        self.virus_scanner = MemoryVirusScanner()
        self.bank_holidays = MemoryBankHolidays()
        self.letter_announcements = MemoryLetterAnnouncements()
        self.letter_store = MemoryLetterStore(self.clock)
        self.letter_sanitiser = MemoryLetterSanitiser()
        self.letter_renderer = MemoryLetterRenderer()
        self.letter_printer = MemoryLetterPrinter()
        self.keep_files = KeepFiles(
            self.work,
            self.clock,
            self.random,
            self.documents,
            self.virus_scanner,
            self.sending_rules.api_base_url,
            self.sending_rules.admin_base_url,
        )
        self.raise_ticket = RaiseTicket(self.clock, self.random)
        self.relay = Relay(self.ledger, self.queue, self.metrics, self.clock, "memory")
        self._under_way = UnderWay(self.clock)
        self._tick = RunDueSchedule(self.work, self.clock)

    @property
    def sms_names(self) -> Collection[str]:
        """Whoever only shares out texts needs no supplier."""
        return tuple(self.sms_suppliers)

    @property
    def known_networks(self) -> Networks:
        """Whoever only asks about the networks sends them nothing."""
        return self.networks

    def use(self, use_case: type[U]) -> U:
        """A use case, ready to be called: ``notify.use(AcceptSms)(caller, request)``.

        :raises MissingPart: it needs something that the platform does not have.
        """
        return assemble(use_case, self)

    def put(self, *things: Any) -> None:
        """Store services, users, API keys, senders, reply-to addresses, callbacks, broadcast settings
        and templates, as provisioning does.

        :raises TypeError: something else was given.
        """
        with self.work() as work:
            stores = _stores(work)
            for thing in things:
                if type(thing) not in stores:
                    raise TypeError(f"a {type(thing).__name__} is not provisioned; use a use case")
                stores[type(thing)](thing)
            work.commit()

    def join(self, user: User, *services: Service) -> None:
        """Make ``user`` a member of these teams."""
        with self.work() as work:
            for service in services:
                work.users.add_to_service(user.id, service.id)
            work.commit()

    def advance(self, by: timedelta) -> None:
        """Let time pass, here and in the database. Work that falls due is not done yet."""
        self.clock.advance(by)
        self.database.advance(by)

    def tick(self) -> int:
        """Enqueue what the schedule says is due, as the scheduler does every second; returns how
        many. The first tick runs nothing: it notes what is past."""
        return self._tick()

    def run_until_idle(self, advance: timedelta = timedelta()) -> int:
        """Do all background work that is due, and what follows from it; returns how many executions
        there were.

        With ``advance`` the clock jumps to the next retry or delayed task, as often as needed and
        by no more than ``advance`` in all.

        :raises RuntimeError: the work never ends.
        """
        execute = self._execute()
        executions = 0
        while True:
            while message := self._next_message():
                execute(message.entry_id, "memory", task=message.task, queue=message.queue)
                executions += 1
                if executions > ENDLESS:
                    raise RuntimeError(f"{message.task} has been executed for the {executions}th time")
            due_in = self.ledger.next_due_in()
            if due_in is None or due_in > advance:
                return executions
            advance -= due_in
            self.advance(due_in)

    def _execute(self) -> Execute:
        # Made each time, so that a part replaced by a test is the one in use.
        return Execute(
            self.ledger,
            Handlers(self, REGISTRY),
            self.work,
            self.metrics,
            self.heartbeats,
            self.clock,
            self._under_way,
            SCHEDULED,
        )

    def _next_message(self) -> Publication | None:
        message = self.queue.take()
        if message is None and self.relay():
            message = self.queue.take()
        return message


def _stores(work: MemoryUnitOfWork) -> Mapping[type, Any]:
    return {
        Service: work.services.put,
        User: work.users.put,
        ApiKey: work.api_keys.put,
        SmsSender: work.senders.put_sms_sender,
        ReplyTo: work.senders.put_reply_to,
        Callback: work.callbacks.put,
        BroadcastSettings: work.settings.put_broadcast,
        Template: work.templates.put,
    }

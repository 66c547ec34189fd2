from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import Caller
from notify_core.alarms.use_cases import RaiseTicket
from notify_core.documents.use_cases import KeepFiles
from notify_core.notifications.model import Channel
from notify_core.notifications.policies import SendingRules
from notify_core.notifications.use_cases import (
    AcceptEmail,
    AcceptSms,
    DeliverEmailNotification,
    DeliverSmsNotification,
)
from notify_core.ports.task_ledger import RelayLimits
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON, a_notification, a_service, a_template, an_api_key, claim_row
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.daily_limits import MemoryDailyLimits
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.documents import MemoryDocumentStore
from notify_core.testing.fakes.metrics import MemoryMetrics
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.rate_limiter import MemoryRateLimiter
from notify_core.testing.fakes.secrets import MemorySecrets
from notify_core.testing.fakes.suppliers import MemoryEmailSupplier, MemorySmsSupplier
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger
from notify_core.testing.fakes.unit_of_work import MemoryStorage
from notify_core.testing.fakes.virus_scanner import MemoryVirusScanner

RULES = SendingRules("https://api.example", "https://admin.example", "notify.example")


@dataclass
class Platform:
    """The parts that use cases are made of, one service, and what is in the store."""

    database: MemoryDatabase = field(default_factory=lambda: MemoryDatabase(NOON))
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOON))
    random: SeededRandom = field(default_factory=SeededRandom)
    metrics: MemoryMetrics = field(default_factory=MemoryMetrics)
    sms: MemorySmsSupplier = field(default_factory=lambda: MemorySmsSupplier("mmg"))
    email: MemoryEmailSupplier = field(default_factory=lambda: MemoryEmailSupplier("ses"))
    events: list = field(default_factory=list)

    def __post_init__(self):
        self.work = MemoryStorage(self.database, react=lambda event, work: self.events.append(event))
        self.ledger = MemoryTaskLedger(self.database)
        self.raise_ticket = RaiseTicket(self.clock, self.random)
        self.secrets = MemorySecrets()
        self.rate_limiter = MemoryRateLimiter(self.clock)
        self.daily_limits = MemoryDailyLimits()
        self.documents, self.virus_scanner = MemoryDocumentStore(), MemoryVirusScanner()
        self.service = a_service(name="Floods", email_from="floods")
        self.key = an_api_key(service_id=self.service.id)
        self.text = a_template(service_id=self.service.id)
        self.letter = a_template(service_id=self.service.id, type=TemplateType.LETTER, subject="Your river")
        self.mail = a_template(
            service_id=self.service.id,
            type=TemplateType.EMAIL,
            subject="For ((name))",
            content="# Hello ((name))\n\nThe river is rising.",
        )
        with self.work() as work:
            work.services.put(self.service)
            work.api_keys.put(self.key)
            for template in (self.text, self.mail, self.letter):
                work.templates.put(template)
            work.commit()

    @property
    def caller(self):
        return Caller(self.service, self.key)

    def change_service(self, **changes):
        self.service = replace(self.service, **changes)
        with self.work() as work:
            work.services.put(self.service)
            work.commit()

    def use_key(self, key_type):
        self.key = replace(self.key, key_type=key_type)

    def put_template(self, template):
        with self.work() as work:
            work.templates.put(template)
            work.commit()
        return template

    def given(self, **changes):
        """A message of the service in the store."""
        template = self.mail if changes.get("channel") is Channel.EMAIL else self.text
        facts = {"service_id": self.service.id, "template_id": template.id} | changes
        notification = a_notification(**facts)
        with self.work() as work:
            work.notifications.add_many([notification])
            work.commit()
        return notification

    def stored(self, notification):
        with self.work(read_only=True) as work:
            return work.notifications.get(notification.id)

    def tasks(self):
        return self.ledger.entries()

    def claim(self, task, **where):
        """The ledger row of ``task``, written if it is not there, in a worker's hands."""
        if not self._row_of(task):
            with self.work() as work:
                work.enqueue(task, **where)
                work.commit()
        self.ledger.publish_due(RelayLimits(), "relay")
        return claim_row(self.ledger, self._row_of(task).id, "worker", timedelta(minutes=5))

    def _row_of(self, task):
        rows = (row for row in self.tasks() if (row.task, row.arguments) == (task.name, task.arguments()))
        return next(rows, None)

    def run(self, use_case, task):
        claim = self.claim(task)
        use_case(task, claim)
        assert claim.finished

    def accept_sms(self):
        return AcceptSms(*self._accepting(), RULES)

    def accept_email(self):
        return AcceptEmail(*self._accepting(), RULES, self.keep_files())

    def _accepting(self):
        return self.work, self.clock, self.random, self.rate_limiter, self.daily_limits

    def keep_files(self):
        parts = (self.work, self.clock, self.random, self.documents, self.virus_scanner)
        return KeepFiles(*parts, RULES.api_base_url, RULES.admin_base_url)

    def deliver_sms(self):
        return DeliverSmsNotification(
            self.work, self.work, self.clock, self.random, self.metrics, {"mmg": self.sms}, RULES
        )

    def deliver_email(self):
        return DeliverEmailNotification(
            self.work, self.work, self.clock, self.random, self.metrics, {"ses": self.email}, RULES, self.secrets
        )


@pytest.fixture
def platform():
    return Platform()

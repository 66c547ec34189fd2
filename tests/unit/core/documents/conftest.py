from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from notify_core.documents.policies import new_key
from notify_core.testing.builders import NOON, a_document, a_service
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.documents import MemoryDocumentStore
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.rate_limiter import MemoryRateLimiter
from notify_core.testing.fakes.secrets import MemorySecrets
from notify_core.testing.fakes.unit_of_work import MemoryStorage
from notify_core.testing.fakes.virus_scanner import MemoryVirusScanner


@dataclass
class Files:
    """A service, and the parts that the use cases of files are made of."""

    clock: FakeClock = field(default_factory=lambda: FakeClock(NOON))
    random: SeededRandom = field(default_factory=SeededRandom)
    store: MemoryDocumentStore = field(default_factory=MemoryDocumentStore)
    scanner: MemoryVirusScanner = field(default_factory=MemoryVirusScanner)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)

    def __post_init__(self):
        self.database = MemoryDatabase(NOON)
        self.work = MemoryStorage(self.database)
        self.rate_limiter = MemoryRateLimiter(self.clock)
        self.service = a_service(name="Floods", contact_link="https://floods.example/contact")
        with self.work() as work:
            work.services.put(self.service)
            work.commit()

    def given(self, content=b"%PDF- a letter", **changes):
        """A file that was sent, and its key."""
        key = new_key(self.random)
        document = a_document(service_id=self.service.id, key=key, size=len(content), **changes)
        with self.work() as work:
            work.documents.add([document])
            work.commit()
        self.store.put(document.place, content, key=key)
        return document, key

    def rows(self):
        return list(self.database.table("documents").values())

    def advance(self, by: timedelta):
        self.clock.advance(by)
        self.database.advance(by)


@pytest.fixture
def files():
    return Files()

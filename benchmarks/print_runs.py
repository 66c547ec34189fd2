"""What the benchmarks of print runs have in common: a database with letters that are due."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.migrate import upgrade
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.kernel.ids import ServiceId
from notify_core.letters.model import Bucket, Letter, Location
from notify_core.letters.policies.naming import upload_name
from notify_core.testing.builders import a_letter, an_id
from notify_core.testing.fakes.secrets import MemorySecrets

DEADLINE = datetime(2026, 1, 5, 17, 30, tzinfo=UTC)
_AT_ONCE = 1_000


@contextmanager
def a_database(folder: Path) -> Iterator[SqlStorage]:
    """SQLite with the newest schema."""
    engine = make_engine(f"sqlite:///{folder / 'notify.db'}")
    upgrade(engine)
    yield SqlStorage(engine, MemorySecrets())
    engine.dispose()


def letters_due(work: SqlStorage, number: int, size: int, services: int) -> list[Letter]:
    """Letters of one day, kept; each has a PDF of ``size`` bytes, known by its name."""
    owners = [ServiceId(an_id()) for _ in range(services)]
    made: list[Letter] = []
    for each in range(number):
        created = DEADLINE - timedelta(seconds=1 + each)
        letter = a_letter(service_id=owners[each % services], created_at=created, sheets=1)
        key = upload_name(Bucket.PDF, letter.file_reference, created, letter.postage)
        made.append(replace(letter, pdf=Location(Bucket.PDF, key), pdf_bytes=size))
    for start in range(0, number, _AT_ONCE):
        with work() as unit:
            unit.letters.add_many(made[start : start + _AT_ONCE])
            unit.commit()
    return made

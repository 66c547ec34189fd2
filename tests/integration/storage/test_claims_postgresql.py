"""Relays and workers, as many as you like, in several processes."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from operator import attrgetter
from random import shuffle
from threading import Thread

import pytest
from sqlalchemy import Column, MetaData, Table, Uuid, func, select, text

from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.schema_ledger import task_ledger
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.ports.task_ledger import EntryState, RelayLimits
from notify_core.testing.builders import claim_row
from notify_core.testing.contracts.storage import LEASE, Chore
from notify_core.testing.fakes.secrets import MemorySecrets
from tests.integration.waiting import eventually

ROWS = 2_000
WORKERS = 8

# Without a key: what is done twice is there twice.
done = Table("done", MetaData(), Column("entry_id", Uuid, nullable=False))


@pytest.fixture
def engine(postgresql_engine):
    done.create(postgresql_engine)
    yield postgresql_engine
    done.drop(postgresql_engine)


def relay_and_work(url, name):
    """Publish, offer everything published to everybody, do what can be had; until nothing is left."""
    engine = make_engine(url)
    ledger, work = SqlTaskLedger(engine), SqlStorage(engine, MemorySecrets())
    limits = RelayLimits(per_queue=100, per_limit_key=5, lease=LEASE)
    while ledger.next_due_in() is not None:
        mine = [publication.entry_id for publication in ledger.publish_due(limits, name)]
        others = [entry.id for entry in ledger.entries(state=EntryState.PUBLISHED, limit=20)]
        for entry_id in (*mine, *others):
            claim = claim_row(ledger, entry_id, name, LEASE)
            if claim is None:
                continue
            ledger.extend([claim], LEASE)
            if claim.entry.attempt == 0 and claim.entry.arguments["number"] % 10 == 0:
                ledger.retry(claim, delay=timedelta(), queue=None, reason="once more")
                continue
            with work() as unit:
                unit.session.insert(done, [{"entry_id": entry_id}])
                unit.finish(claim)
                unit.commit()
    engine.dispose()


def fill(engine):
    with SqlStorage(engine, MemorySecrets())() as work:
        for number in range(ROWS):
            limit = f"limit {number % 40}" if number % 2 else None
            work.enqueue(Chore(number, fair=f"fair {number % 7}", limit=limit, dedupe=f"{number}"))
        work.commit()


def check(engine):
    with engine.connect() as connection:
        counted = select(func.count(), func.count(done.c.entry_id.distinct())).select_from(done)
        assert tuple(connection.execute(counted).one()) == (ROWS, ROWS)
    assert SqlTaskLedger(engine).entries() == []


@pytest.mark.timeout(240)
def test_threads_do_everything_once(engine, postgresql_url):
    fill(engine)
    threads = [Thread(target=relay_and_work, args=(postgresql_url, f"thread {n}")) for n in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(engine)


@pytest.mark.timeout(240)
def test_processes_do_everything_once(engine, postgresql_url):
    fill(engine)
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        list(pool.map(relay_and_work, [postgresql_url] * WORKERS, [f"process {n}" for n in range(WORKERS)]))
    check(engine)


def test_heartbeats_recoveries_and_relays_do_not_wait_for_each_other(postgresql_storage, postgresql_engine):
    # Many rows at a time, in different orders, again and again: without an order of locks this deadlocks.
    ledger = postgresql_storage.ledger
    with postgresql_storage.work()() as work:
        for number in range(500):
            work.enqueue(Chore(number))
        work.commit()
    no_lease = timedelta(microseconds=1)
    published = ledger.publish_due(RelayLimits(lease=LEASE), "relay")
    # Shuffled: on the disk the rows then lie in another order than that of their ids.
    shuffle(published)
    claims = [claim_row(ledger, one.entry_id, f"worker {n % 2}", no_lease) for n, one in enumerate(published)]
    failures = []

    def again_and_again(step):
        try:
            for _ in range(40):
                step()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            failures.append(error)

    steps = [
        lambda: ledger.extend(claims, no_lease),
        lambda: ledger.extend(claims[::-1], no_lease),
        lambda: ledger.publish_due(RelayLimits(per_queue=30, lease=no_lease), "relay"),
        lambda: ledger.put_back([claim.entry.id for claim in reversed(claims)], "relay"),
        lambda: ledger.recover("worker 0"),
        lambda: ledger.recover("relay"),
    ]
    threads = [Thread(target=again_and_again, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(ledger.entries(limit=10_000)) == 500


def test_who_waits_for_a_row_has_none_behind_it(postgresql_storage, postgresql_engine):
    # More rows than one statement names, the last ones first: who claims the first and the last of them together
    # would wait for us as we for them.
    ledger = postgresql_storage.ledger
    with postgresql_storage.work()() as work:
        for number in range(600):
            work.enqueue(Chore(number))
        work.commit()
    published = sorted(ledger.publish_due(RelayLimits(lease=LEASE), "relay"), key=attrgetter("entry_id"))
    first, *_, last = (
        select(task_ledger.c.id).where(task_ledger.c.id == one.entry_id).with_for_update(nowait=True)
        for one in published
    )
    with ThreadPoolExecutor() as pool, postgresql_engine.begin() as claiming:
        claiming.execute(first)
        put_back = pool.submit(ledger.put_back, [one.entry_id for one in reversed(published)], "relay")
        eventually(lambda: claiming.execute(WAITING_FOR_US).scalar())
        claiming.execute(last)
        claiming.commit()
        put_back.result()
    assert {entry.state for entry in ledger.entries(limit=1000)} == {EntryState.DUE}


# A transaction is shown the statistics of others as they were when it first looked, the locks as they are.
WAITING_FOR_US = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = CAST(pg_current_xact_id() AS xid)"
)

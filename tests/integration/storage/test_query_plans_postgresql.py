"""Every query that runs often finds its rows by an index, also by a plan made when there was nothing to find."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.broadcasts.states import MessageStatus
from notify_core.kernel.ids import BroadcastMessageId, JobId, ProviderMessageId, ServiceId
from notify_core.letters.model import Postage
from notify_core.letters.ports import LetterFilter
from notify_core.letters.ports.printing import Due
from notify_core.letters.states import LetterStatus
from notify_core.notifications.model import Channel, Place
from notify_core.notifications.ports import NotificationFilter
from notify_core.notifications.states import Status
from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.builders import NOON, a_broadcast_message, a_notification, an_id, claim_row
from notify_core.testing.contracts.storage import LEASE, Chore
from notify_core.testing.fakes.secrets import MemorySecrets

SERVICE = ServiceId(an_id())
ONE = a_notification(service_id=SERVICE)
JOB = JobId(an_id())
SOME = [BroadcastMessageId(an_id()) for _ in range(3)]
LIMITS = RelayLimits(per_queue=50, lease=LEASE)


def whole_life(ledger, storage):
    """Everything that happens to ledger rows."""
    published = ledger.publish_due(LIMITS, "relay")
    ledger.put_back([published[0].entry_id], "relay")
    claims = [claim_row(ledger, one.entry_id, "worker", LEASE) for one in published[1:5]]
    ledger.extend(claims, LEASE)
    ledger.retry(claims[0], delay=timedelta(), queue=None, reason="r")
    ledger.fail(claims[1], "r")
    ledger.replay(claims[1].entry.id)
    ledger.recover("worker")
    claim = claim_row(ledger, published[6].entry_id, "worker", LEASE)
    with storage() as work:
        work.finish(claim)
        work.enqueue(Chore(dedupe="new"))
        work.commit()
    ledger.next_due_in()
    ledger.depth()
    ledger.with_dedupe(["1", "new"])


def messages(_ledger, storage):
    with storage(read_only=True) as work:
        work.notifications.page(SERVICE, NotificationFilter())
        work.notifications.page(SERVICE, NotificationFilter(behind=Place(ONE.created_at, ONE.id)))
        work.notifications.page(SERVICE, NotificationFilter(reference="r"))
        work.notifications.page(SERVICE, NotificationFilter(with_jobs=False))
        work.letters.page(SERVICE, LetterFilter())
        work.letters.page(SERVICE, LetterFilter(reference="r", with_jobs=False))
        work.notifications.by_supplier_reference("mmg", "r")
        work.notifications.sms_speeds(NOON, timedelta(minutes=4), NOON)
        work.notifications.those([ONE.id, a_notification().id])
        work.notifications.sent_before(NOON + timedelta(1), 10)
        work.notifications.created_without_task(NOON + timedelta(1), 10)
        work.letters.created_without_pdf(NOON + timedelta(1), 10)
        work.letters.by_file_references(["A", "B"])
        work.letters.waiting_since(LetterStatus.CREATED, NOON, 10)
        work.letters.sent_before(NOON, 10)
        work.letters_to_print.volumes(Due(NOON))
        work.letters_to_print.oldest(Due(NOON, NOON, NOON))
        work.letters_to_print.unfound(Due(NOON, NOON, NOON, with_pdf=True), 10)
        work.letters_to_print.unfound_of(Due(NOON), ["A", "B"])
        work.letters_to_print.count_unfound(Due(NOON, NOON, NOON))
        work.letters_to_print.ungrouped(NOON, Postage.SECOND, 10)
        work.letters_to_print.of_group("A.ZIP")
        work.print_runs.groups(NOON)
        work.print_runs.next_number(NOON, Postage.SECOND)
        work.print_runs.latest(10)
        work.answer_files.named(["a", "b"])
        work.answer_files.newest()
        work.answer_files.daily_counts(NOON.date(), NOON.date())
        work.waiting_answers.first(10, "a")
        work.returned_letters.of_service(SERVICE)
        work.broadcast_messages.page(SERVICE)
        work.broadcast_messages.expired(NOON, 10)
        work.broadcast_messages.recent()
        work.broadcast_messages.recent(status=MessageStatus.BROADCASTING, service_id=SERVICE)
        work.broadcast_events.of_messages(SOME)
        work.provider_messages.of_messages(SOME)
        work.provider_messages.attempts_of([ProviderMessageId(an_id()) for _ in range(3)])
        work.broadcast_revisions.of_message(SOME[0])
        work.broadcast_revisions.pending(SOME[0])
        work.tickets.newest()
        work.audit.about("x")
    with storage() as work:
        work.early_receipts.take("mmg", "r")
        work.link_tests.remove_before(NOON, 10)
        work.commit()


def jobs(_ledger, storage):
    with storage(read_only=True) as work:
        work.jobs.page(SERVICE)
        work.jobs.due(NOON, 10)
        work.jobs.without_progress(NOON, 10)
        work.jobs.lacking_rows(NOON, NOON, 10)
        work.jobs.to_archive(SERVICE, Channel.SMS, NOON, 10)
        work.jobs.errors(JOB, 10)
        work.jobs.statistics(JOB)
        work.jobs.rows(JOB, range(1000))
        work.jobs.results(JOB, 3, 10)


@pytest.mark.parametrize("what", [whole_life, messages, jobs])
def test_no_table_is_read_from_end_to_end(postgresql_engine, what):
    ledger, storage = SqlTaskLedger(postgresql_engine), SqlStorage(postgresql_engine, MemorySecrets())
    with storage() as work:
        work.notifications.add_many([ONE])
        work.broadcast_messages.add(a_broadcast_message(service_id=SERVICE))
        for number in range(100):
            work.enqueue(Chore(number, fair=f"{number % 3}", dedupe=f"{number}"))
        work.commit()
    seen = []

    def note(_connection, _cursor, sql, values, *_rest):
        seen.append((sql, values))

    event.listen(postgresql_engine, "before_cursor_execute", note)
    what(ledger, storage)
    event.remove(postgresql_engine, "before_cursor_execute", note)
    with postgresql_engine.connect() as connection:
        for sql, values in seen:
            if sql.startswith(("BEGIN", "SELECT pg_advisory")):
                continue
            plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {sql}", values)]
            # Holds are few, and looked at all together.
            assert not [step for step in plan if "Seq Scan" in step and "held_keys" not in step], (sql, plan)


def test_whoever_looks_for_what_is_not_sent_yet_does_not_read_what_is_under_way(postgresql_engine):
    storage = SqlStorage(postgresql_engine, MemorySecrets())
    sending = [a_notification(service_id=SERVICE, status=Status.SENDING) for _ in range(3_000)]
    with storage() as work:
        work.notifications.add_many([*sending, a_notification(service_id=SERVICE, status=Status.CREATED)])
        work.commit()
    seen = []

    def note(_connection, _cursor, sql, values, *_rest):
        seen.append((sql, values))

    with postgresql_engine.execution_options(notify_one_by_one=True).connect() as connection:
        connection.exec_driver_sql("ANALYZE notifications")
        event.listen(postgresql_engine, "before_cursor_execute", note)
        with storage(read_only=True) as work:
            assert len(work.notifications.created_without_task(NOON + timedelta(1), 10)) == 1
        event.remove(postgresql_engine, "before_cursor_execute", note)
        ((sql, values),) = seen
        plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {sql}", values)]
    assert any("ix_notifications_created" in step for step in plan), plan


def test_a_plan_made_for_an_empty_ledger_is_good_for_a_flood(postgresql_engine):
    # A connection tells what it has read late, the latest when it ends: that of other tests must not come in between.
    postgresql_engine.dispose()
    ledger, storage = SqlTaskLedger(postgresql_engine), SqlStorage(postgresql_engine, MemorySecrets())
    with postgresql_engine.execution_options(notify_one_by_one=True).connect() as connection:
        connection.exec_driver_sql("VACUUM FULL ANALYZE task_ledger")
    # Often enough for the driver to prepare the statements, and for the server to keep their plans.
    for number in range(15):
        with storage() as work:
            work.enqueue(Chore(number))
            work.commit()
        (published,) = ledger.publish_due(LIMITS, "relay")
        claim = claim_row(ledger, published.entry_id, "worker", LEASE)
        with storage() as work:
            work.finish(claim)
            work.commit()
        assert ledger.next_due_in() is None
    with storage() as work:
        for number in range(5_000):
            work.enqueue(Chore(number, fair=f"{number % 100}"))
        work.commit()
    before = _rows_read_in_vain(postgresql_engine)
    published = ledger.publish_due(LIMITS, "relay")
    claim_row(ledger, published[0].entry_id, "worker", LEASE)
    ledger.next_due_in()
    assert _rows_read_in_vain(postgresql_engine) == before


def _rows_read_in_vain(engine):
    # Without a transaction: the driver forgets what it has prepared when one is rolled back.
    with engine.execution_options(notify_one_by_one=True).connect() as connection:
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        return connection.exec_driver_sql(
            "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'task_ledger'"
        ).scalar()

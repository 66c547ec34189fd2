"""Every query that runs often finds its rows by an index, in the order it wants them."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.migrate import upgrade
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.broadcasts.states import MessageStatus
from notify_core.documents.model import DocumentPlace
from notify_core.kernel.ids import BroadcastMessageId, DocumentId, ProviderMessageId, ServiceId
from notify_core.letters.model import Postage
from notify_core.letters.ports import LetterFilter
from notify_core.letters.ports.printing import Due
from notify_core.letters.states import LetterStatus
from notify_core.notifications.model import Channel, Place
from notify_core.notifications.ports import NotificationFilter
from notify_core.testing.builders import NOON, a_broadcast_message, a_notification, an_id
from notify_core.testing.fakes.secrets import MemorySecrets

SERVICE = ServiceId(an_id())
ONE = a_notification(service_id=SERVICE)
MESSAGE = a_broadcast_message(service_id=SERVICE)


@pytest.fixture
def engine(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'notify.db'}")
    upgrade(engine)
    yield engine
    engine.dispose()


QUERIES = {
    "a page": lambda work: work.notifications.page(SERVICE, NotificationFilter()),
    "the next page": lambda work: work.notifications.page(
        SERVICE, NotificationFilter(behind=Place(ONE.created_at, ONE.id))
    ),
    "by reference": lambda work: work.notifications.page(SERVICE, NotificationFilter(reference="r")),
    "a page without jobs": lambda work: work.notifications.page(SERVICE, NotificationFilter(with_jobs=False)),
    "by reference, without jobs": lambda work: work.notifications.page(
        SERVICE, NotificationFilter(reference="r", with_jobs=False)
    ),
    "the next page without jobs": lambda work: work.notifications.page(
        SERVICE, NotificationFilter(behind=Place(ONE.created_at, ONE.id), with_jobs=False)
    ),
    "a page of letters": lambda work: work.letters.page(SERVICE, LetterFilter()),
    "letters without jobs": lambda work: work.letters.page(SERVICE, LetterFilter(with_jobs=False)),
    "letters by reference": lambda work: work.letters.page(SERVICE, LetterFilter(reference="r", with_jobs=False)),
    "by supplier reference": lambda work: work.notifications.by_supplier_reference("mmg", "r"),
    "speeds": lambda work: work.notifications.sms_speeds(NOON, timedelta(minutes=4), NOON),
    "several": lambda work: work.notifications.those([ONE.id, a_notification().id]),
    "unfinished": lambda work: work.notifications.sent_before(NOON + timedelta(1), 10),
    "without task": lambda work: work.notifications.created_without_task(NOON + timedelta(1), 10),
    "a page of broadcasts": lambda work: work.broadcast_messages.page(SERVICE, MESSAGE.id),
    "recent broadcasts": lambda work: work.broadcast_messages.recent(),
    "older broadcasts": lambda work: work.broadcast_messages.recent(older_than=MESSAGE.id),
    "recent broadcasts of a service": lambda work: work.broadcast_messages.recent(service_id=SERVICE),
    "recent live broadcasts": lambda work: work.broadcast_messages.recent(status=MessageStatus.BROADCASTING),
    "expired": lambda work: work.broadcast_messages.expired(NOON, 10),
    "copies": lambda work: work.provider_messages.of_message(BroadcastMessageId(an_id())),
    "copies of several": lambda work: work.provider_messages.of_messages([MESSAGE.id, BroadcastMessageId(an_id())]),
    "attempts of several": lambda work: work.provider_messages.attempts_of([ProviderMessageId(an_id())]),
    "events of several": lambda work: work.broadcast_events.of_messages([MESSAGE.id]),
    "revisions": lambda work: work.broadcast_revisions.of_message(MESSAGE.id),
    "pending revision": lambda work: work.broadcast_revisions.pending(MESSAGE.id),
    "old link tests": lambda work: work.link_tests.remove_before(NOON, 10),
    "expired documents": lambda work: work.documents.expired(NOON, 10),
    "a document": lambda work: work.documents.is_recipient(DocumentPlace(SERVICE, DocumentId(an_id())), "a@b.example"),
    "tickets": lambda work: work.tickets.newest(),
    "audit": lambda work: work.audit.about("x"),
    "letters without PDF": lambda work: work.letters.created_without_pdf(NOON + timedelta(1), 10),
    "past messages": lambda work: work.history.take_in(SERVICE, Channel.SMS, NOON + timedelta(1), 10),
    "letters of response files": lambda work: work.letters.by_file_references(["A", "B"]),
    "letters waiting": lambda work: work.letters.waiting_since(LetterStatus.CREATED, NOON, 10),
    "letters sending": lambda work: work.letters.sent_before(NOON, 10),
    "letters due": lambda work: work.letters_to_print.volumes(Due(NOON)),
    "the oldest letter due": lambda work: work.letters_to_print.oldest(Due(NOON, NOON, NOON)),
    "letters not found": lambda work: work.letters_to_print.unfound(Due(NOON, NOON, NOON, with_pdf=True), 10),
    "letters in a listing": lambda work: work.letters_to_print.unfound_of(Due(NOON), ["A", "B"]),
    "letters not found, counted": lambda work: work.letters_to_print.count_unfound(Due(NOON, NOON, NOON)),
    "letters found": lambda work: work.letters_to_print.ungrouped(NOON, Postage.SECOND, 10),
    "letters in a zip": lambda work: work.letters_to_print.of_group("A.ZIP"),
    "zips": lambda work: work.print_runs.groups(NOON),
    "the last zip": lambda work: work.print_runs.next_number(NOON, Postage.SECOND),
    "print runs": lambda work: work.print_runs.latest(10),
    "response files": lambda work: work.answer_files.named(["a", "b"]),
    "newest response files": lambda work: work.answer_files.newest(),
    "sorted counts": lambda work: work.answer_files.daily_counts(NOON.date(), NOON.date()),
    "waiting answers": lambda work: work.waiting_answers.first(10, "a"),
    "returned letters": lambda work: work.returned_letters.of_service(SERVICE),
    "past letters": lambda work: work.history.past_letters(SERVICE, NOON, 10),
    "past letters by their files": lambda work: work.history.by_file_references(["A", "B"]),
    "texts sent": lambda work: work.statistics.texts_sent(SERVICE, NOON, {"+447700900123"}),
    "early receipts": lambda work: work.early_receipts.take("mmg", "r"),
}
# A message has few copies, and few are on air: sorting them costs nothing.
SORTS = {
    "letters due",
    "letters in a zip",
    "copies",
    "copies of several",
    "attempts of several",
    "recent live broadcasts",
    "by supplier reference",
    "speeds",
}
# Where several indexes might do, only one reads nothing in vain.
INDEXES = {
    "by reference": "ix_notifications_own_reference",
    "by reference, without jobs": "ix_notifications_own_reference",
    "a page without jobs": "ix_notifications_of_no_job",
    "the next page without jobs": "ix_notifications_of_no_job",
    "letters without jobs": "ix_letters_of_no_job",
    "letters by reference": "ix_letters_own_reference",
    "recent broadcasts": "ix_broadcast_messages_created_at_id",
    "pending revision": "uq_broadcast_revisions_pending",
    "unfinished": "ix_notifications_unfinished",
    "without task": "ix_notifications_created",
    "letters waiting": "ix_letters_unfinished",
    "letters sending": "ix_letters_unfinished",
    "letters due": "ix_letters_unfinished",
    "the oldest letter due": "ix_letters_unfinished",
    "letters not found": "ix_letters_unfinished",
    "letters not found, counted": "ix_letters_unfinished",
    "letters found": "ix_letters_found",
    "letters in a zip": "ix_letters_print_group",
}


@pytest.mark.parametrize("name", QUERIES)
def test_no_table_is_read_from_end_to_end(engine, name):
    storage = SqlStorage(engine, MemorySecrets())
    with storage() as work:
        work.notifications.add_many([ONE])
        work.broadcast_messages.add(MESSAGE)
        work.commit()
    seen = []
    event.listen(engine, "before_cursor_execute", lambda c, cursor, sql, values, *_: seen.append((sql, values)))
    with storage() as work:
        QUERIES[name](work)
        assert seen
        plan = [row[3] for sql, values in list(seen) for row in _explain(work, sql, values)]
    assert all("SCAN" not in step or "USING" in step for step in plan), plan
    assert name in SORTS or not any("TEMP B-TREE" in step for step in plan), plan
    assert INDEXES.get(name, "") in plan[0]


def test_work_is_found_by_its_dedupe_key_in_an_index(engine):
    seen = []
    event.listen(engine, "before_cursor_execute", lambda c, cursor, sql, values, *_: seen.append((sql, values)))
    SqlTaskLedger(engine).with_dedupe(["a", "b"])
    (query,) = [(sql, values) for sql, values in seen if sql.startswith("SELECT")]
    with engine.connect() as connection:
        plan = " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query[0]}", query[1]))
    assert "uq_task_ledger_dedupe (dedupe=?)" in plan
    assert "ix_task_ledger_failed_dedupe (dedupe=?)" in plan


def _explain(work, sql, values):
    if sql.startswith("BEGIN"):
        return []
    return work.session._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()

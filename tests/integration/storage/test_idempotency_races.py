"""One request, sent by many at once, or done by two because the first took too long."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from notify_adapters.storage.sql.schema import idempotency_records, notifications
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.accounts.model import Answer, RequestKey
from notify_core.accounts.use_cases.idempotency import BeginRequest
from notify_core.kernel.errors import Conflict
from notify_core.kernel.ids import ApiKeyId
from notify_core.testing.builders import NOON, a_notification, an_id
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.secrets import MemorySecrets

ROUNDS = 15
PATIENCE = 60
BODY = b"{}"


class FreshIds:
    uuid = staticmethod(an_id)


@pytest.fixture(params=["sqlite_engine", "postgresql_engine"])
def engine(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def storage(engine):
    return SqlStorage(engine, MemorySecrets())


@pytest.fixture
def begin(storage):
    return BeginRequest(storage, FakeClock(NOON), FreshIds(), MemorySecrets())


def a_request():
    return RequestKey(ApiKeyId(an_id()), "/v2/notifications/sms", "order 7")


def do(storage, record):
    """Store one message with its answer."""
    notification = a_notification()
    with storage() as work:
        work.idempotency.complete(record, Answer(201, str(notification.id)))
        work.notifications.add_many([notification])
        work.commit()
    return str(notification.id)


def at_once(*actions):
    """What each came to: its result, or None where somebody else was faster."""
    start = Barrier(len(actions))

    def run(action):
        start.wait(PATIENCE)
        try:
            return action()
        except Conflict:
            return None

    with ThreadPoolExecutor(len(actions)) as pool:
        return [future.result(PATIENCE) for future in [pool.submit(run, action) for action in actions]]


def stored(engine):
    with engine.connect() as connection:
        return [str(one) for one in connection.scalars(sa.select(notifications.c.id))]


def test_a_request_sent_by_many_at_once_is_done_once(engine, storage, begin):
    for number in range(1, ROUNDS + 1):
        request = a_request()

        def send(request=request):
            record = begin(request, BODY)
            return do(storage, record) if record.answer is None else record.answer.body

        told = {answer for answer in at_once(*[send] * 6) if answer is not None}
        assert len(told) == 1
        assert told <= set(stored(engine))
        assert len(stored(engine)) == number


def test_of_a_late_worker_and_its_successor_one_stores(engine, storage, begin):
    for number in range(1, ROUNDS + 1):
        request = a_request()
        late = begin(request, BODY)
        with engine.begin() as connection:
            connection.execute(sa.update(idempotency_records).values(leased_until_us=0))

        def succeed(request=request):
            record = begin(request, BODY)
            return do(storage, record) if record.answer is None else record.answer.body

        told = {answer for answer in at_once(lambda late=late: do(storage, late), succeed) if answer is not None}
        assert len(told) == 1
        assert told <= set(stored(engine))
        assert len(stored(engine)) == number

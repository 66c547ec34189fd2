"""A service has one default sender of each kind, also when two people choose one at the same moment."""

from threading import Barrier

import pytest
from sqlalchemy import event

from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.kernel.errors import Conflict
from notify_core.testing.builders import a_reply_to, an_sms_sender
from notify_core.testing.contracts.racing import race
from notify_core.testing.fakes.secrets import MemorySecrets


@pytest.mark.parametrize(
    ("make", "put", "default"),
    [
        (an_sms_sender, "put_sms_sender", "default_sms_sender"),
        (a_reply_to, "put_reply_to", "default_reply_to"),
    ],
    ids=["sms senders", "reply-to addresses"],
)
def test_of_two_at_the_same_moment_one_is_told_of_the_conflict(postgresql_engine, make, put, default):
    storage = SqlStorage(postgresql_engine, MemorySecrets())
    first = make(is_default=True)
    both = [first, make(service_id=first.service_id, is_default=True)]
    seen = Barrier(2, timeout=30)

    def wait(_connection, _cursor, sql, *_rest):
        # Each has ended the defaults it sees, and sees nothing of the other's.
        if sql.startswith("INSERT"):
            seen.wait()

    def choose(number):
        with storage() as work:
            try:
                getattr(work.senders, put)(both[number])
                work.commit()
            except Conflict:
                return None
            return both[number]

    event.listen(postgresql_engine, "before_cursor_execute", wait)
    try:
        chosen = [one for one in race(choose, 2) if one is not None]
    finally:
        event.remove(postgresql_engine, "before_cursor_execute", wait)
    assert len(chosen) == 1
    with storage(read_only=True) as work:
        assert getattr(work.senders, default)(first.service_id) == chosen[0]

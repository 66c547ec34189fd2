"""What daily limits keep in the database, and what a process that dies takes with it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from notify_adapters.storage.sql.daily_limits import SqlDailyLimits
from notify_adapters.storage.sql.schema_requests import daily_usage
from notify_core.kernel.errors import TransientError
from notify_core.ports.daily_limits import LARGEST_PORTION
from notify_core.testing.builders import an_id

DAY = date(2026, 1, 5)
SERVICE = an_id()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request):
    return request.getfixturevalue(f"{request.param}_engine")


def sent(limits, limit, tries, day=DAY):
    return [limits.take(SERVICE, "sms", day, limit=limit) for _ in range(tries)].count(True)


def rows(engine):
    with engine.connect() as connection:
        return connection.execute(sa.select(daily_usage.c.day, daily_usage.c.used).order_by(daily_usage.c.day)).all()


def changes(engine, act):
    """How many statements change the table meanwhile."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len([statement for statement in seen if statement.startswith("INSERT INTO daily_usage")])


def test_the_row_changes_once_for_a_portion(engine):
    limits = SqlDailyLimits(engine)
    assert changes(engine, lambda: sent(limits, 100_000, 10 * LARGEST_PORTION)) == 10


def test_near_the_end_portions_are_single_messages(engine):
    limits = SqlDailyLimits(engine)
    sent(limits, 100, 80)
    assert changes(engine, lambda: sent(limits, 100, 10)) == 10


def test_a_refusal_changes_nothing(engine):
    limits = SqlDailyLimits(engine)
    sent(limits, 5, 5)
    assert changes(engine, lambda: sent(limits, 5, 5)) == 0


def test_a_process_that_dies_loses_one_portion_at_most(engine):
    limit = 2000
    dead = sent(SqlDailyLimits(engine), limit, 101)
    assert dead == 101
    successor = sent(SqlDailyLimits(engine), limit, limit)
    assert limit - LARGEST_PORTION < dead + successor <= limit


def test_the_next_day_begins_at_nothing(engine):
    limits = SqlDailyLimits(engine)
    assert sent(limits, 3, 5) == 3
    assert sent(limits, 3, 5, DAY + timedelta(days=1)) == 3
    assert rows(engine) == [(DAY, 3), (DAY + timedelta(days=1), 3)]


def test_what_is_given_back_the_day_after_is_not_sent_then(engine):
    limits = SqlDailyLimits(engine)
    assert sent(limits, 3, 3) == 3
    tomorrow = DAY + timedelta(days=1)
    assert sent(limits, 3, 3, tomorrow) == 3
    limits.give_back(SERVICE, "sms", DAY)
    assert sent(limits, 3, 1, tomorrow) == 0


def test_without_its_database_nothing_is_counted(tmp_path):
    from notify_adapters.storage.sql.engine import make_engine

    limits = SqlDailyLimits(make_engine(f"sqlite:///{tmp_path}/no/such/directory/notify.db"))
    with pytest.raises(TransientError):
        sent(limits, 3, 1)

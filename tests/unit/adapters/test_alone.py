"""Statements sent past SQLAlchemy, on connections that are kept at hand."""

from collections import Counter
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from notify_adapters.storage.sql.alone import execute_alone, rows_alone
from notify_adapters.storage.sql.prepared import prepared, prepared_query

table = sa.Table("things", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))


@pytest.fixture
def seen():
    """What happened at the pool."""
    return Counter()


@pytest.fixture
def engine(tmp_path, seen):
    made = sa.create_engine(f"sqlite:///{tmp_path}/things.db", paramstyle="named", isolation_level="AUTOCOMMIT")
    for name in ("connect", "checkout", "checkin", "close"):
        sa.event.listen(made, name, lambda *_, name=name: seen.update([name]))
    table.metadata.create_all(made)
    made.dispose()
    seen.clear()
    yield made
    made.dispose()


@pytest.fixture
def add(engine):
    statement = prepared(engine.dialect, table.insert(), ("id",))
    return lambda number: execute_alone(engine, statement, {"id": number})


@pytest.fixture
def find(engine):
    query = prepared_query(engine.dialect, sa.select(table).where(table.c.id == sa.bindparam("of_id")), ("of_id",))
    return lambda number: rows_alone(engine, query, {"of_id": number})


def test_it_is_done_and_what_it_met_is_told(add, find):
    assert add(1) == 1
    assert find(1) == [{"id": 1}]
    assert find(2) == []


def test_one_connection_serves_one_after_the_other(add, find, seen):
    for number in range(5):
        add(number)
        find(number)
    assert seen["connect"] == seen["checkout"] == 1


def test_a_refusal_is_told_as_sqlalchemy_tells_it_and_harms_nobody_else(add, find):
    add(1)
    with pytest.raises(DBAPIError) as refused:
        add(1)
    assert not refused.value.connection_invalidated
    assert "1" not in str(refused.value.params)
    assert find(1) == [{"id": 1}]


def test_when_the_engine_is_disposed_of_nothing_stays_at_hand(engine, add, find, seen):
    add(1)
    engine.dispose()
    assert seen["close"] == 1
    assert find(1) == [{"id": 1}]


def test_one_that_is_in_use_when_the_engine_is_disposed_of_is_not_kept(engine, seen):
    usual = prepared_query(engine.dialect, sa.select(table).where(table.c.id == sa.bindparam("of_id")), ("of_id",))

    def convert(number):
        engine.dispose()
        return number

    asking = replace(usual, prepared=replace(usual.prepared, conversions=(("of_id", convert),)))
    rows_alone(engine, asking, {"of_id": 1})
    assert seen["close"] == 1


def test_a_session_whose_end_was_found_by_others_takes_what_is_at_hand_with_it(engine, add, find, seen):
    @sa.event.listens_for(engine, "handle_error")
    def _ended(context):
        context.is_disconnect = True

    add(1)
    with pytest.raises(DBAPIError), engine.connect() as connection:
        connection.execute(table.insert(), {"id": 1})
    assert seen["close"] == seen["connect"] == 2
    assert find(1) == [{"id": 1}]


def test_what_is_no_error_of_the_driver_gives_its_connection_back(engine, find, seen):
    query = prepared_query(engine.dialect, sa.select(table).where(table.c.id == sa.bindparam("of_id")), ("of_id",))
    with pytest.raises(OverflowError):
        rows_alone(engine, query, {"of_id": 10**100})
    assert seen["checkin"] == 1
    assert find(1) == []


def test_no_more_are_kept_than_leave_room_for_transactions(engine, find, seen):
    usual = prepared_query(engine.dialect, sa.select(table).where(table.c.id == sa.bindparam("of_id")), ("of_id",))

    def ask_while_others_ask(others):
        def convert(number):
            if others:
                ask_while_others_ask(others - 1)
            return number

        asking = replace(usual, prepared=replace(usual.prepared, conversions=(("of_id", convert),)))
        rows_alone(engine, asking, {"of_id": 1})

    ask_while_others_ask(11)
    assert seen["checkout"] == 12
    assert seen["checkin"] == 4

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, func, insert, select, text, update
from sqlalchemy.exc import OperationalError

from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.errors import translated
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.types import UtcDateTime, database_now, from_microseconds, to_microseconds
from notify_core.kernel.errors import AlreadyExists, PermanentError, TransientError

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, unique=True),
    Column("at", UtcDateTime),
)


@pytest.fixture
def engine(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/things.db")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def names(engine):
    with SqlSession(engine, read_only=True) as session:
        return [row["name"] for row in session.rows(select(things).order_by(things.c.id))]


def test_sqlite_loses_nothing_in_a_power_cut(engine):
    with engine.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert settings == ["wal", 2, 1, 30_000]


@pytest.mark.parametrize("how", [{}, {"one_by_one": True}])
def test_only_what_need_not_last_does_not_wait_for_the_disk(engine, how):
    def waits(**lasting):
        with SqlSession(engine, **how, **lasting) as session:
            # 2: for the disk, at each commit; 1: for nothing.
            return session.scalar(text("PRAGMA synchronous")) == 2

    # All have the same connection.
    assert [waits(), waits(lasting=False), waits(lasting=False), waits(lasting=True), waits()] == [
        True,
        False,
        False,
        True,
        True,
    ]


def test_inserts_wait_for_the_commit_and_come_before_any_reading(engine):
    with SqlSession(engine) as session:
        session.insert(things, [{"id": 1, "name": "a"}])
        assert names(engine) == []
        assert session.scalar(select(func.count()).select_from(things)) == 1
        session.insert(things, [{"id": 2, "name": "b"}])
        session.insert(things, [])
        session.commit()
    assert names(engine) == ["a", "b"]


def test_what_is_not_committed_never_was(engine):
    with SqlSession(engine) as session:
        session.insert(things, [{"id": 1, "name": "a"}])
        session.changed(update(things).values(name="b"))
    assert names(engine) == []


def test_a_taken_identity_is_told(engine):
    with SqlSession(engine) as session:
        session.insert(things, [{"id": 1, "name": "a"}, {"id": 2, "name": "a"}])
        with pytest.raises(AlreadyExists):
            session.commit()
    assert names(engine) == []


@pytest.mark.parametrize(
    "row", [{"id": 2, "name": "\ud800"}, {"id": 2**70, "name": "b"}], ids=["half a pair", "a number"]
)
def test_a_value_that_cannot_be_stored_never_can(engine, row):
    with SqlSession(engine) as session:
        session.insert(things, [{"id": 1, "name": "a"}, row])
        with pytest.raises(PermanentError) as raised:
            session.commit()
    assert raised.value.__suppress_context__
    assert names(engine) == []


def test_a_session_whose_statement_failed_stores_nothing(engine):
    with SqlSession(engine) as session:
        session.changed(insert(things).values(id=1, name="a"))
        for _ in range(2):
            with pytest.raises(AlreadyExists):
                session.changed(insert(things).values(id=1, name="b"))
        with pytest.raises(AlreadyExists):
            session.commit()
    assert names(engine) == []


def test_upsert_replaces_and_ignoring_does_not(engine):
    with SqlSession(engine) as session:
        session.insert_ignoring(things, [{"id": 1, "name": "a"}, {"id": 2, "name": "a"}, {"id": 1, "name": "c"}])
        session.upsert(things, {"id": 1, "name": "z"})
        session.upsert(things, {"id": 1})
        session.commit()
    assert names(engine) == ["z"]


def test_a_reader_neither_writes_nor_waits_for_a_writer(engine):
    with SqlSession(engine) as writer, SqlSession(engine, read_only=True) as reader:
        writer.insert(things, [{"id": 1, "name": "a"}])
        writer.row(select(things))
        assert reader.rows(select(things)) == []
        for change in (
            lambda: reader.insert(things, [{"id": 2, "name": "b"}]),
            lambda: reader.changed(update(things).values(name="b")),
            lambda: reader.rows(update(things).values(name="b").returning(things.c.id)),
        ):
            with pytest.raises(RuntimeError, match="read only"):
                change()


def test_a_session_that_is_over_says_so(engine):
    session = SqlSession(engine)
    session.commit()
    with pytest.raises(RuntimeError, match="over"):
        session.rows(select(things))


def test_a_busy_database_is_a_passing_trouble(engine):
    impatient = create_engine(engine.url, connect_args={"timeout": 0})
    with SqlSession(engine) as writer:
        writer.row(select(things))
        with impatient.connect() as connection, pytest.raises(TransientError), translated():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    impatient.dispose()


def test_a_mistake_of_ours_is_not_hidden(engine):
    with SqlSession(engine) as session, pytest.raises(OperationalError):
        session.rows(text("SELECT * FROM nowhere"))


def test_an_error_does_not_carry_the_values(engine):
    with SqlSession(engine) as session:
        session.insert(things, [{"id": 1, "name": "secret"}, {"id": 1, "name": "secret 2"}])
        with pytest.raises(AlreadyExists) as raised:
            session.commit()
    assert "secret" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_times_come_back_in_utc_and_sort_as_text(engine):
    early = datetime(2026, 6, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    late = datetime(2026, 6, 1, 0, 0, 0, 1, tzinfo=UTC)
    with SqlSession(engine) as session:
        session.insert(things, [{"id": 1, "at": late}, {"id": 2, "at": early}, {"id": 3, "at": None}])
        rows = session.rows(select(things.c.at).where(things.c.at.is_not(None)).order_by(things.c.at))
    assert [row["at"] for row in rows] == [early, late]
    assert all(row["at"].tzinfo is UTC for row in rows)


def test_a_time_without_zone_is_refused(engine):
    with SqlSession(engine) as session:
        session.insert(things, [{"id": 1, "at": datetime(2026, 6, 1)}])  # noqa: DTZ001 - what is refused
        with pytest.raises(Exception, match="without a time zone"):
            session.commit()


def test_database_time_is_the_time(engine):
    with SqlSession(engine, read_only=True) as session:
        now = from_microseconds(session.scalar(select(database_now())))
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=30)
    assert from_microseconds(to_microseconds(now)) == now

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from notify_adapters.storage.sql.alone import rows_alone
from notify_adapters.storage.sql.prepared import prepared, prepared_query
from notify_adapters.storage.sql.types import UtcDateTime

table = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("id", sa.Uuid()),
    sa.Column("at", UtcDateTime()),
    sa.Column("name", sa.String()),
    sa.Column("number", sa.Integer()),
)
DIALECT = sqlite.dialect(paramstyle="named")
ID = UUID(int=5)


def stored(statement, row):
    known = prepared(DIALECT, statement, tuple(row))
    connection = sqlite3.connect(":memory:")
    connection.execute("create table things (id, at, name, number)")
    connection.execute(known.sql, known.parameters(row))
    found = connection.execute("select * from things").fetchone()
    connection.close()
    return found


def test_values_are_converted_as_ever():
    at = datetime(2026, 1, 5, 13, tzinfo=timezone(timedelta(hours=1)))
    row = {"id": ID, "at": at, "name": "one", "number": 1}
    assert stored(table.insert(), row) == (ID.hex, "2026-01-05T12:00:00.000000Z", "one", 1)


def test_columns_that_are_not_given_stay_empty():
    assert stored(table.insert(), {"id": ID, "name": "one"}) == (ID.hex, None, "one", None)


def test_what_is_part_of_the_statement_is_sent_with_it():
    statement = table.insert().values(id=sa.bindparam("id", type_=sa.Uuid()), number=7)
    assert stored(statement, {"id": ID}) == (ID.hex, None, None, 7)


def test_a_row_is_not_changed_by_being_converted():
    row = {"id": ID, "at": datetime(2026, 1, 5, tzinfo=UTC)}
    prepared(DIALECT, table.insert(), tuple(row)).parameters(row)
    assert row["id"] is ID


def test_a_statement_is_made_into_sql_once():
    statement = table.insert()
    assert prepared(DIALECT, statement, ("id",)) is prepared(DIALECT, statement, ("id",))


def found(rows, **values):
    engine = sa.create_engine("sqlite://", paramstyle="named")
    table.metadata.create_all(engine)
    statement = sa.select(table).where(table.c.id == sa.bindparam("of_id", type_=sa.Uuid()))
    with engine.connect() as connection:
        for row in rows:
            connection.execute(table.insert(), row)
        connection.commit()
        query = prepared_query(engine.dialect, statement, tuple(values))
        quick = rows_alone(engine, query, values)
        return quick, [dict(row) for row in connection.execute(statement, values).mappings()]


def test_a_query_finds_what_it_finds_the_usual_way():
    at = datetime(2026, 1, 5, tzinfo=UTC)
    rows = [
        {"id": ID, "at": at, "name": "one", "number": 1},
        {"id": UUID(int=6), "at": None, "name": None, "number": 2},
    ]
    quick, usual = found(rows, of_id=ID)
    assert quick == usual == rows[:1]


def test_a_query_that_finds_nothing():
    assert found([], of_id=ID) == ([], [])

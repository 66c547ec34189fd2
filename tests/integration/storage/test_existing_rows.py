"""What a migration makes of rows that an earlier release has written."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text

from notify_adapters.storage.sql import migrate
from notify_adapters.storage.sql.engine import ONE_BY_ONE, make_engine
from notify_adapters.storage.sql.repositories.broadcast_rows import from_message
from notify_adapters.storage.sql.schema_accounts import reply_tos, sms_senders
from notify_adapters.storage.sql.schema_broadcasts import broadcast_messages, broadcast_provider_messages
from notify_adapters.storage.sql.stepping import alembic_config
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.testing.builders import a_broadcast_message, a_provider_message, a_reply_to, an_sms_sender
from notify_core.testing.fakes.secrets import MemorySecrets


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path):
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'notify.db'}")
        yield engine
        engine.dispose()
        return
    with request.getfixturevalue("postgresql_server").database() as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def upgrade_to(engine, revision):
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)


@pytest.mark.parametrize(("table", "make"), [(sms_senders, an_sms_sender), (reply_tos, a_reply_to)])
def test_of_several_defaults_one_stays(engine, table, make):
    upgrade_to(engine, "0003")
    first = make(is_default=True)
    second, third = (make(service_id=first.service_id, is_default=default) for default in (True, False))
    of_another = make(is_default=True)
    with engine.begin() as connection:
        connection.execute(table.insert(), [asdict(one) for one in (first, second, third, of_another)])
    migrate.upgrade(engine)
    with engine.connect() as connection:
        rows = connection.execute(select(table)).mappings().all()
    assert len(rows) == 4
    defaults = {row["id"] for row in rows if row["is_default"]}
    assert defaults == {min(first.id, second.id), of_another.id}


def test_a_message_that_is_on_air_goes_on_being_read(engine):
    upgrade_to(engine, "0004")
    message = a_broadcast_message()
    copy = a_provider_message(broadcast_message_id=message.id)
    with engine.begin() as connection:
        connection.execute(broadcast_messages.insert(), without(from_message(message), "drawn_polygons"))
        connection.execute(broadcast_provider_messages.insert(), without(asdict(copy), "assumed"))
    migrate.upgrade(engine)
    with SqlStorage(engine, MemorySecrets())(read_only=True) as work:
        assert work.broadcast_messages.get(message.id) == message
        assert list(work.provider_messages.of_message(message.id)) == [copy]
        assert list(work.broadcast_revisions.of_message(message.id)) == []


def without(row, column):
    return {name: value for name, value in row.items() if name != column}


def statements_of_the_page():
    page = Path(__file__).parents[3] / "docs" / "operations.md"
    (block,) = re.findall(r"```sql\n(CREATE INDEX .*?)```", page.read_text(), re.DOTALL)
    return [statement for statement in block.split(";") if statement.strip()]


def test_indexes_of_a_large_table_may_be_made_before(postgresql_server):
    with postgresql_server.database() as url:
        engine = make_engine(url)
        upgrade_to(engine, "0003")
        with engine.execution_options(**{ONE_BY_ONE: True}).connect() as connection:
            for statement in statements_of_the_page():
                connection.exec_driver_sql(statement)
        made = new_indexes(engine)
        assert len(made) == len(LARGE)
        migrate.upgrade(engine)
        assert new_indexes(engine) == made
        engine.dispose()


LARGE = [
    "ix_notifications_created",
    "ix_notifications_own_reference",
    "ix_notifications_supplier_reference",
    "ix_task_ledger_failed_dedupe",
]


def new_indexes(engine):
    """Their numbers: those of an index made again are others."""
    with engine.connect() as connection:
        return connection.execute(
            text("SELECT relname, oid FROM pg_class WHERE relname = ANY(:wanted)"), {"wanted": LARGE}
        ).all()

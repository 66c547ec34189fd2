from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from notify_adapters.storage.sql import migrate
from notify_adapters.storage.sql.compatibility import Fit
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.schema import metadata
from notify_adapters.storage.sql.stepping import alembic_config
from notify_core.kernel.errors import TransientError
from tests.integration.waiting import eventually


@pytest.fixture
def url(postgresql_server):
    with postgresql_server.database() as url:
        yield url


@pytest.fixture
def engine(url):
    engine = make_engine(url)
    yield engine
    engine.dispose()


def _indexes(engine):
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        return dict(rows.all())


def test_the_migrations_make_exactly_the_schema(engine, postgresql_server):
    assert migrate.fit(engine) is Fit.EMPTY
    migrate.upgrade(engine)
    assert migrate.fit(engine) is Fit.FITS
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    # What the comparison does not see: the conditions of partial indexes.
    with postgresql_server.database() as other:
        from_metadata = make_engine(other)
        metadata.create_all(from_metadata)
        assert _indexes(engine) == _indexes(from_metadata)
        from_metadata.dispose()


def test_the_ledger_is_vacuumed_by_the_number_of_dead_rows(engine):
    migrate.upgrade(engine)
    with engine.connect() as connection:
        settings = connection.exec_driver_sql("SELECT reloptions FROM pg_class WHERE relname = 'task_ledger'").scalar()
    assert {"fillfactor=50", "autovacuum_vacuum_scale_factor=0", "autovacuum_vacuum_cost_delay=0"} <= set(settings)


def test_the_way_back_is_open(engine):
    migrate.upgrade(engine)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate.upgrade(engine)
    assert migrate.fit(engine) is Fit.FITS


def test_a_migration_that_fails_leaves_nothing(engine, monkeypatch):
    def fail(*_arguments):
        with engine.connect() as other:
            assert other.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").scalar() == 0
        raise TransientError("the power is off")

    real = command.upgrade
    monkeypatch.setattr(migrate.command, "upgrade", lambda *arguments: (real(*arguments), fail()))
    with pytest.raises(TransientError):
        migrate.upgrade(engine)
    assert inspect(engine).get_table_names() == []


def _upgrade(url):
    engine = make_engine(url)
    try:
        migrate.upgrade(engine)
        return migrate.fit(engine) is Fit.FITS
    finally:
        engine.dispose()


def test_processes_that_start_together_migrate_once(url):
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(_upgrade, [url] * 4)) == [True] * 4


def test_a_database_out_of_reach_is_worth_another_try():
    engine = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/nowhere")
    with pytest.raises(TransientError):
        migrate.upgrade(engine)


@pytest.mark.parametrize(
    "table", ["notifications", "sms_senders", "reply_tos", "broadcast_messages", "broadcast_provider_messages"]
)
def test_a_unit_of_work_that_is_under_way_can_still_write_its_tasks(engine, table):
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0003")
    with ThreadPoolExecutor() as pool, engine.begin() as unit:
        unit.exec_driver_sql(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")
        migration = pool.submit(migrate.upgrade, engine)
        eventually(lambda: unit.exec_driver_sql(WAITING_FOR, {"table": table}).scalar())
        unit.exec_driver_sql("LOCK TABLE task_ledger IN ROW EXCLUSIVE MODE NOWAIT")
        unit.commit()
        migration.result()
    assert migrate.fit(engine) is Fit.FITS


WAITING_FOR = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = CAST(%(table)s AS regclass)"

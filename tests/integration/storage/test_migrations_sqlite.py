from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from notify_adapters.storage.sql import migrate
from notify_adapters.storage.sql.compatibility import Fit, Schema
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.schema import metadata
from notify_adapters.storage.sql.stepping import alembic_config
from notify_core.kernel.errors import TransientError


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'notify.db'}"


@pytest.fixture
def engine(url):
    engine = make_engine(url)
    yield engine
    engine.dispose()


def test_an_empty_database_is_brought_to_the_head(engine):
    assert migrate.read_schema(engine).revision is None
    assert migrate.fit(engine) is Fit.EMPTY
    migrate.upgrade(engine)
    assert migrate.read_schema(engine) == Schema(migrate.release_of().newest, "0015")
    assert migrate.fit(engine) is Fit.FITS


# The index of an expression, which the next test compares.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_migrations_make_exactly_the_schema(engine):
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_what_the_comparison_does_not_see_is_the_same_too(engine, tmp_path):
    # Conditions of partial indexes, AUTOINCREMENT: by what SQLite itself writes down.
    migrate.upgrade(engine)
    from_metadata = make_engine(f"sqlite:///{tmp_path / 'other.db'}")
    metadata.create_all(from_metadata)
    assert _written_down(engine) == _written_down(from_metadata)
    from_metadata.dispose()


def _written_down(engine):
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%'")
        return {name: _parts(sql) for name, sql in rows if sql is not None}


def _parts(sql):
    # In any order: a column that came later stands behind the table's constraints.
    one_line = " ".join(sql.split()).removesuffix(")")
    return sorted(part.strip() for part in one_line.replace("(", "(,", 1).split(","))


def test_upgrading_again_changes_nothing(engine):
    migrate.upgrade(engine)
    before = _written_down(engine)
    migrate.upgrade(engine)
    assert _written_down(engine) == before


def test_the_way_back_is_open(engine):
    migrate.upgrade(engine)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate.upgrade(engine)
    assert migrate.fit(engine) is Fit.FITS


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


def test_a_database_out_of_reach_is_worth_another_try(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'nowhere' / 'notify.db'}")
    with pytest.raises(TransientError):
        migrate.upgrade(engine)


def test_a_new_revision_is_written_from_the_difference(engine, tmp_path):
    # Nothing differs: the revision is empty, has the next number and names its predecessor.
    migrate.upgrade(engine)
    migrate.write_revision(engine, "nothing new", tmp_path)
    head = migrate.release_of().newest
    (written,) = tmp_path.glob("*.py")
    assert written.name == f"{int(head) + 1:04d}_nothing_new.py"
    assert f'down_revision: str | None = "{head}"' in written.read_text().replace("'", '"')

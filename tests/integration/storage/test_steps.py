"""From this release to the next one and back, step by step, while others use the database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import inspect

from notify_adapters.storage.sql import migrate, stepping
from notify_adapters.storage.sql.compatibility import Fit, Schema
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.stepping import MigrationRefused
from notify_core.kernel.errors import Conflict
from tests.integration.next_release import write_step, write_steps
from tests.integration.waiting import eventually


@pytest.fixture
def coming(tmp_path):
    return write_steps(tmp_path / "versions")


@pytest.fixture
def url(postgresql_server, postgresql_template):
    with postgresql_server.database(postgresql_template) as url:
        yield url


@pytest.fixture
def postgresql(url):
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'notify.db'}")
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request):
    return request.getfixturevalue(request.param)


def tables(engine):
    return set(inspect(engine).get_table_names())


class TestForward:
    @pytest.mark.filterwarnings("ignore:.*expression-based index")
    def test_what_takes_nothing_away_comes_first(self, engine, coming):
        assert migrate.upgrade(engine, versions=coming.versions) == Schema(coming.indexes, "0015")
        assert {"notes", "processing_times"} <= tables(engine)
        assert "ix_notifications_note" in {index["name"] for index in inspect(engine).get_indexes("notifications")}
        # Again: the same.
        assert migrate.upgrade(engine, versions=coming.versions) == Schema(coming.indexes, "0015")

    def test_both_releases_work_with_that(self, engine, coming):
        migrate.upgrade(engine, versions=coming.versions)
        assert migrate.fit(engine) is Fit.FITS
        assert migrate.release_of(coming.versions).fit(migrate.read_schema(engine)) is Fit.FITS

    def test_what_takes_something_away_is_asked_for(self, engine, coming):
        released = migrate.upgrade(engine, contract=True, versions=coming.versions)
        assert released == Schema(coming.contracts, coming.indexes)
        assert "processing_times" not in tables(engine)
        assert migrate.fit(engine) is Fit.CONTRACTED
        assert migrate.release_of(coming.versions).fit(migrate.read_schema(engine)) is Fit.FITS

    def test_an_empty_database_gets_everything(self, tmp_path, coming):
        engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        assert migrate.upgrade(engine, versions=coming.versions) == Schema(coming.contracts, coming.indexes)
        engine.dispose()

    def test_the_release_that_lacks_it_leaves_a_newer_schema_alone(self, engine, coming):
        migrate.upgrade(engine, versions=coming.versions)
        assert migrate.upgrade(engine) == Schema(coming.indexes, "0015")


class TestBack:
    def test_what_was_added_goes(self, engine, coming):
        before = tables(engine)
        migrate.upgrade(engine, versions=coming.versions)
        migrate.back_to(engine, coming.now, versions=coming.versions)
        assert migrate.read_schema(engine) == Schema(coming.now, "0015")
        assert tables(engine) == before
        assert "note" not in {column["name"] for column in inspect(engine).get_columns("notifications")}

    def test_and_comes_again(self, engine, coming):
        migrate.upgrade(engine, versions=coming.versions)
        migrate.back_to(engine, coming.expands, versions=coming.versions)
        assert migrate.read_schema(engine).revision == coming.expands
        assert migrate.upgrade(engine, versions=coming.versions).revision == coming.indexes

    def test_what_was_taken_away_does_not_come_back(self, engine, coming):
        migrate.upgrade(engine, contract=True, versions=coming.versions)
        with pytest.raises(MigrationRefused, match=f"{coming.contracts} took away what"):
            migrate.back_to(engine, coming.now, versions=coming.versions)

    def test_not_to_what_there_is_not(self, engine):
        with pytest.raises(MigrationRefused, match=r"there is no way back to 0013; known are: 0015"):
            migrate.back_to(engine, "0013")

    def test_only_the_release_that_went_there_knows_the_way(self, engine, coming):
        migrate.upgrade(engine, versions=coming.versions)
        with pytest.raises(MigrationRefused, match="only that one knows the way back"):
            migrate.back_to(engine, coming.now)


class TestWhoIsThere:
    """Seen on PostgreSQL, by what connections call themselves."""

    def test_what_a_former_release_uses_stays_while_it_is_connected(self, url, postgresql, coming):
        former = make_engine(url)
        with former.connect():
            with pytest.raises(MigrationRefused, match=rf"processes of an older release \({coming.now}\)"):
                migrate.upgrade(postgresql, contract=True, versions=coming.versions)
            # What it need not notice was done.
            assert migrate.read_schema(postgresql).revision == coming.indexes
        former.dispose()
        migrate.upgrade(postgresql, contract=True, versions=coming.versions)

    def test_what_the_next_release_uses_stays_while_it_is_connected(self, url, postgresql, coming):
        migrate.upgrade(postgresql, versions=coming.versions)
        following = make_engine(f"{url}?application_name=notify%20{coming.contracts}")
        with following.connect(), pytest.raises(MigrationRefused, match="processes of a newer release"):
            migrate.back_to(postgresql, coming.now, versions=coming.versions)
        following.dispose()


class TestInUse:
    """On PostgreSQL, where a table that waits for a lock keeps everybody waiting."""

    def test_a_table_in_use_makes_the_step_wait_and_nobody_else_for_long(self, url, postgresql, coming, caplog):
        other = make_engine(url)
        with ThreadPoolExecutor() as pool, other.connect() as user:
            user.exec_driver_sql("BEGIN")
            user.exec_driver_sql("SELECT count(*) FROM notifications")
            migration = pool.submit(migrate.upgrade, postgresql, versions=coming.versions)
            eventually(lambda: "it tries again" in caplog.text)
            # While it rests, whoever comes is served.
            with other.connect() as passer_by:
                passer_by.exec_driver_sql("SELECT count(*) FROM notifications")
            user.exec_driver_sql("COMMIT")
            assert migration.result(60).revision == coming.indexes
        other.dispose()

    def test_a_table_that_is_always_in_use_is_said(self, url, postgresql, coming, monkeypatch):
        monkeypatch.setattr(stepping, "PATIENCE", 0.0)
        other = make_engine(url)
        with other.connect() as user:
            user.exec_driver_sql("BEGIN")
            user.exec_driver_sql("SELECT count(*) FROM notifications")
            with pytest.raises(Conflict):
                migrate.upgrade(postgresql, versions=coming.versions)
            assert migrate.read_schema(postgresql).revision == coming.now
        other.dispose()

    def test_an_index_that_was_left_half_made_is_made_anew(self, url, postgresql, coming):
        migrate.upgrade(postgresql, versions=coming.versions)
        migrate.back_to(postgresql, coming.expands, versions=coming.versions)
        with postgresql.begin() as connection:
            connection.exec_driver_sql(
                "CREATE INDEX ix_notifications_note ON notifications (note);"
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_notifications_note'::regclass"
            )
        migrate.upgrade(postgresql, versions=coming.versions)
        with postgresql.connect() as connection:
            valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_notifications_note'::regclass"
            assert connection.exec_driver_sql(valid).scalar() is True

    def test_several_that_migrate_at_once_take_turns(self, url, coming):
        engines = [make_engine(url) for _ in range(3)]
        with ThreadPoolExecutor() as pool:
            done = list(pool.map(lambda engine: migrate.upgrade(engine, versions=coming.versions), engines))
        assert {schema.revision for schema in done} == {coming.indexes}
        for engine in engines:
            engine.dispose()

    def test_a_step_that_fails_leaves_nothing_of_itself(self, postgresql, coming):
        last = f"{int(coming.contracts) + 1:04d}"
        fails = (
            'def upgrade():\n    op.create_table("halves", sa.Column("id", sa.Uuid()))\n    raise RuntimeError("off")\n'
        )
        write_step(coming.folder, last, coming.contracts, coming.indexes, fails)
        with pytest.raises(RuntimeError):
            migrate.upgrade(postgresql, contract=True, versions=coming.versions)
        assert migrate.read_schema(postgresql) == Schema(coming.contracts, coming.indexes)
        assert "halves" not in tables(postgresql)

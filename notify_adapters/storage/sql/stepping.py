"""How a database takes one step to another schema, or back, while others use it."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, delete, insert, select, text
from sqlalchemy.exc import DBAPIError

from notify_adapters.storage.sql.compatibility import FIRST, Release, Schema, Step
from notify_adapters.storage.sql.engine import ONE_BY_ONE
from notify_adapters.storage.sql.errors import translated
from notify_adapters.storage.sql.migrations import VERSIONS
from notify_adapters.storage.sql.schema_compatibility import schema_compatibility
from notify_core.kernel.errors import Conflict, NotifyError, TransientError

logger = logging.getLogger(__name__)

# Where the revisions are; only tests have more.
OURS = (VERSIONS,)

# Any number, the same for all processes: whoever has this lock of PostgreSQL migrates.
_LOCK = {"lock": 7_073_205_114}
# While a step waits for a table, all who come after it wait behind it: so it waits for seconds, and tries again.
_LOCK_TIMEOUT = "SET LOCAL lock_timeout = '2s'"
PAUSE, PATIENCE = 1.0, 600.0
# The releases of the processes that are connected, by what they call themselves (engine.py).
_CONNECTED = text(
    "SELECT DISTINCT substr(application_name, 8) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name ~ '^notify [0-9]+$'"
)


class MigrationRefused(NotifyError):
    """There is no such step, or it would take from somebody what he uses."""


def alembic_config(connection: Connection | None = None, versions: Iterable[Path] = OURS) -> Config:
    """Alembic's, for the revisions in these folders."""
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", _option(VERSIONS.parent))
    # The order does not matter, revisions name their predecessors.
    config.set_main_option("version_locations", os.pathsep.join(map(_option, versions)))
    config.attributes["connection"] = connection
    return config


def _option(path: Path) -> str:
    # An option's value is a template to the configuration's reader.
    return str(path).replace("%", "%%")


def release_of(versions: Iterable[Path] = OURS) -> Release:
    """What this release knows of schemas."""
    scripts = ScriptDirectory.from_config(alembic_config(None, versions)).walk_revisions()
    modules = {script.revision: script.module for script in scripts if script.revision >= FIRST}
    return Release([Step(name, one.works_from, getattr(one, "alone", False)) for name, one in sorted(modules.items())])


def read(connection: Connection) -> Schema:
    """The schema that a database has."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None or revision < FIRST:
        return Schema(revision)
    return Schema(revision, connection.scalar(select(schema_compatibility.c.works_from)))


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A connection that migrates while no other does: on SQLite each transaction is alone from its begin, on PostgreSQL
    a lock is held all the while.

    :raises TransientError: another holds it for longer than any step may take.
    """
    with engine.connect() as connection:
        if connection.dialect.name != "postgresql":
            yield connection
            return
        # Asked again and again: an index that is made beside other work waits for statements that wait.
        give_up_at = time.monotonic() + PATIENCE
        while not _one(connection, "SELECT pg_try_advisory_lock(:lock)"):
            if time.monotonic() > give_up_at:
                raise TransientError("another process is migrating this database, and does not come to an end")
            time.sleep(PAUSE / 5)
        try:
            yield connection
        finally:
            # A connection that is broken has taken the lock with it.
            with suppress(DBAPIError):
                _one(connection, "SELECT pg_advisory_unlock(:lock)")


def _one(connection: Connection, statement: str) -> object:
    with connection.begin():
        return connection.scalar(text(statement), _LOCK)


@dataclass(frozen=True)
class Stepping:
    """Of a database whose ``connection`` is :func:`alone`, by the steps of a release."""

    connection: Connection
    release: Release
    versions: Iterable[Path]

    def schema(self) -> Schema:
        """What it has now."""
        with self.connection.begin():
            return read(self.connection)

    def forward(self, *, contract: bool) -> bool:
        """Take a step; false: there is none, or none that takes nothing away unless it is to ``contract``.

        :raises MigrationRefused: processes are connected that use what it takes away.
        :raises Conflict: what it must lock is in use all the time.
        """
        return _patiently(lambda: self._forward(contract=contract))

    def back(self, revision: str) -> bool:
        """Undo a step; false: the database is back at ``revision``.

        :raises Conflict: what it must lock is in use all the time.
        """
        return _patiently(lambda: self._back(revision))

    def refuse_back(self, revision: str) -> None:
        """:raises MigrationRefused: there is no way back to ``revision``, or somebody uses what would go."""
        schema = self.schema()
        known = [step.revision for step in self.release.steps]
        if revision not in known:
            raise MigrationRefused(f"there is no way back to {revision}; known are: {', '.join(known)}")
        if (schema.revision or "") > self.release.newest:
            raise MigrationRefused(f"{schema.revision} is a newer release's: only that one knows the way back")
        for step in self.release.back(schema, revision):
            if self.release.contracts(step):
                raise MigrationRefused(f"{step.revision} took away what a way back cannot bring: restore a backup")
        with self.connection.begin():
            self._refuse_newer(revision)

    def _forward(self, *, contract: bool) -> bool:
        with self.connection.begin():
            step = self.release.forward(read(self.connection), contract=contract)
            if step is None:
                return False
            self._refuse_older(step)
            if not step.alone:
                self._take(command.upgrade, step)
                # One that has started meanwhile waits for what this transaction has locked, and is seen.
                self._refuse_older(step)
        if step.alone:
            self._take_alone(command.upgrade, step)
        return True

    def _back(self, revision: str) -> bool:
        with self.connection.begin():
            undone = self.release.back(read(self.connection), revision)
            if not undone:
                return False
            self._refuse_newer(revision)
            before = self.release.before(undone[0])
            if not undone[0].alone:
                self._take(command.downgrade, before)
        if undone[0].alone:
            self._take_alone(command.downgrade, before)
        return True

    def _take(self, move: Callable[[Config, str], None], to: Step) -> None:
        if self.connection.dialect.name == "postgresql":
            self.connection.exec_driver_sql(_LOCK_TIMEOUT)
        self._move(move, to)
        self.connection.execute(delete(schema_compatibility))
        self.connection.execute(insert(schema_compatibility).values(works_from=to.works_from))

    def _take_alone(self, move: Callable[[Config, str], None], to: Step) -> None:
        # Such a step takes nothing away: whom the schema works with stays as it was, whenever the process dies.
        self.connection.execution_options(**{ONE_BY_ONE: True})
        try:
            with self.connection.begin():
                self._move(move, to)
        finally:
            self.connection.execution_options(**{ONE_BY_ONE: False})

    def _move(self, move: Callable[[Config, str], None], to: Step) -> None:
        move(alembic_config(self.connection, self.versions), to.revision)

    def _refuse_older(self, step: Step) -> None:
        if self.release.contracts(step):
            self._refuse_connected(lambda release: release < step.works_from, "an older")

    def _refuse_newer(self, revision: str) -> None:
        self._refuse_connected(lambda release: release > revision, "a newer")

    def _refuse_connected(self, concerned: Callable[[str], bool], which: str) -> None:
        if self.connection.dialect.name != "postgresql":
            return
        if found := sorted(filter(concerned, self.connection.scalars(_CONNECTED))):
            raise MigrationRefused(
                f"processes of {which} release ({', '.join(found)}) are connected, which use what would go: "
                "end them first"
            )


def _patiently(attempt: Callable[[], bool]) -> bool:
    give_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            with translated():
                return attempt()
        except Conflict:
            if time.monotonic() > give_up_at:
                raise
            logger.warning("what the migration must lock is in use; it tries again")
        time.sleep(PAUSE)

"""Bringing a database to the schema that this release needs. There is no alembic.ini: everything is here.

A new revision is made with :func:`write_revision` against a database that is at the head.
"""

import os
import warnings
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from notify_adapters.storage.sql.engine import ONE_BY_ONE
from notify_adapters.storage.sql.errors import translated

MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS = MIGRATIONS / "versions"

# Any number, the same for all processes: whoever has this lock of PostgreSQL migrates.
_LOCK = 7_073_205_114


def upgrade(engine: Engine) -> None:
    """Migrate to the newest revision; nothing happens when it is there already.

    All of it is one transaction, so the ledger, to which units of work come last, must be the last table that the
    revisions together lock. Processes that start together wait for each other: on SQLite a transaction that
    writes is alone from its begin, on PostgreSQL by an advisory lock.

    :raises TransientError: the database is not there, or busy for too long.
    """
    with translated(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(_config(connection), "head")


def current_revision(engine: Engine) -> str | None:
    """The revision the database is at; None: it is empty."""
    with translated(), engine.connect().execution_options(**{ONE_BY_ONE: True}) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """The newest revision this release knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest revision."""
    return current_revision(engine) == head_revision()


def write_revision(engine: Engine, message: str, directory: Path = VERSIONS) -> None:
    """Write a new revision from what the schema has and the database, at the head, lacks. For developers, who then
    read and trim it."""
    with warnings.catch_warnings(), engine.begin() as connection:
        # SQLite: one index is of an expression, which cannot be compared. The tests of the migrations do.
        warnings.filterwarnings("ignore", ".*expression-based index")
        command.revision(
            _config(connection, directory),
            message,
            autogenerate=True,
            rev_id=f"{int(head_revision() or 0) + 1:04d}",
            version_path=str(directory),
        )


def _config(connection: Connection | None = None, *directories: Path) -> Config:
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", _option(MIGRATIONS))
    # Each once; the order does not matter, revisions name their predecessors.
    config.set_main_option("version_locations", os.pathsep.join(map(_option, {VERSIONS, *directories})))
    config.attributes["connection"] = connection
    return config


def _option(path: Path) -> str:
    # An option's value is a template to the configuration's reader.
    return str(path).replace("%", "%%")

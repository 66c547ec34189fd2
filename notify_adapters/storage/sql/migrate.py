"""Bringing a database to the schema that this release needs, and back. There is no alembic.ini: everything is here.

A new revision is made with :func:`write_revision` against a database that is at the head; what it may do is in
``docs/upgrading.md``.
"""

import warnings
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from sqlalchemy import Engine

from notify_adapters.storage.sql.compatibility import Fit, Release, Schema
from notify_adapters.storage.sql.engine import ONE_BY_ONE
from notify_adapters.storage.sql.errors import translated
from notify_adapters.storage.sql.migrations import VERSIONS
from notify_adapters.storage.sql.stepping import (
    OURS,
    MigrationRefused,
    Stepping,
    alembic_config,
    alone,
    read,
    release_of,
)

__all__ = ["Fit", "MigrationRefused", "Release", "Schema", "back_to", "fit", "read_schema", "release_of", "upgrade"]


def upgrade(engine: Engine, *, contract: bool = False, versions: Sequence[Path] = OURS) -> Schema:
    """Take the steps that former releases need not notice; with ``contract``, and where there is nothing yet, all.

    Each happens as a whole or not at all, but for an index that is made beside other work, and is tried again where
    others use what it must lock. Processes that start together take turns. The result is the schema that the database
    then has, which may be a newer release's.

    :raises MigrationRefused: processes are connected that use what a step takes away.
    :raises Conflict: what a step must lock is in use all the time.
    :raises TransientError: the database is not there, or busy for too long.
    """
    with translated(), alone(engine) as connection:
        stepping = Stepping(connection, release_of(versions), versions)
        everything = contract or stepping.schema().revision is None
        while stepping.forward(contract=everything):
            pass
        return stepping.schema()


def back_to(engine: Engine, revision: str, *, versions: Sequence[Path] = OURS) -> None:
    """Undo the steps after ``revision``, and with them all that was written into what they had added.

    :raises MigrationRefused: there is no such way back, or processes are connected that use what would go.
    :raises Conflict: what a step must lock is in use all the time.
    :raises TransientError: the database is not there, or busy for too long.
    """
    with translated(), alone(engine) as connection:
        stepping = Stepping(connection, release_of(versions), versions)
        stepping.refuse_back(revision)
        while stepping.back(revision):
            pass


def read_schema(engine: Engine) -> Schema:
    """:raises TransientError: the database is not there."""
    with translated(), engine.connect().execution_options(**{ONE_BY_ONE: True}) as connection:
        return read(connection)


def fit(engine: Engine) -> Fit:
    """What the database is to this release.

    :raises TransientError: it is not there.
    """
    return release_of().fit(read_schema(engine))


def write_revision(engine: Engine, message: str, directory: Path = VERSIONS) -> None:
    """Write a new revision from what the schema has and the database, at the head, lacks. For developers, who then
    read and trim it."""
    with warnings.catch_warnings(), engine.begin() as connection:
        # SQLite: one index is of an expression, which cannot be compared. The tests of the migrations do.
        warnings.filterwarnings("ignore", ".*expression-based index")
        last = release_of().steps[-1]
        config = alembic_config(connection, {VERSIONS, directory})
        # Until its author decides that it takes something away.
        config.attributes["works_from"] = last.works_from
        command.revision(
            config,
            message,
            autogenerate=True,
            rev_id=f"{int(last.revision) + 1:04d}",
            version_path=str(directory),
        )

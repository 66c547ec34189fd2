"""The database: opened as configured, refused when its schema does not fit this release."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.migrate import Fit, Schema, read_schema, release_of, upgrade
from notify_core.kernel.errors import TransientError
from notify_entrypoints.settings import SettingsError

_VARIABLE = "NOTIFY_DATABASE_URL"
_KINDS = {"sqlite", "postgresql"}


class HasEngine(Protocol):
    def engine(self) -> Engine: ...


def open_engine(url: str) -> Engine:
    """The engine for the configured address; it connects when first used.

    :raises SettingsError: there is no such kind of database, or its driver is not installed.
    """
    wanted = "sqlite:///… or postgresql+psycopg://…"
    try:
        if make_url(url).get_backend_name() not in _KINDS:
            raise SettingsError(f"{_VARIABLE}: the database must be {wanted}")
        return make_engine(url)
    except ArgumentError:
        # Without the cause, which may quote the password.
        raise SettingsError(f"{_VARIABLE} is no address of a database: {wanted}") from None
    except ModuleNotFoundError as error:
        raise SettingsError(f"{_VARIABLE} needs the driver {error.name}: pip install {error.name}") from error


def check_schema(container: HasEngine) -> None:
    """:raises SettingsError: the database is not there, or its schema does not fit; the message says what to do."""
    engine = container.engine()
    with usable(engine):
        schema, release = read_schema(engine), release_of()
    fit = release.fit(schema)
    if fit is not Fit.FITS:
        raise SettingsError(f"{shown(engine)} {_what_to_do(fit, schema, release.newest, engine.dialect.name)}")


def _what_to_do(fit: Fit, schema: Schema, newest: str, dialect: str) -> str:
    if fit is Fit.EMPTY:
        embedded = ", or `notify serve`, which does that for its own database" if dialect == "sqlite" else ""
        return f"holds nothing yet: run `notify migrate`{embedded}"
    if fit is Fit.LACKS:
        return f"has the schema {schema.revision} of an older release, this one needs {newest}: run `notify migrate`"
    works_from = schema.works_from or schema.revision
    return (
        f"has the schema {schema.revision} of a newer release, with which releases from {works_from} on work; this one "
        f"is {newest}: run the newer one"
    )


def migrate(container: HasEngine, *, contract: bool = False) -> Schema:
    """Bring the database to the newest schema that former releases work with, and with ``contract`` to the newest.

    :raises SettingsError: it is not there, or cannot be written.
    :raises MigrationRefused: processes are connected that use what a step takes away.
    """
    engine = container.engine()
    with usable(engine):
        return upgrade(engine, contract=contract)


@contextmanager
def usable(engine: Engine) -> Iterator[None]:
    """:raises SettingsError: the database is not there, or is none; the message names it."""
    try:
        yield
    except TransientError as error:
        raise SettingsError(f"{_VARIABLE}: {shown(engine)}: {error}") from error
    except DBAPIError as error:
        raise SettingsError(f"{_VARIABLE}: {shown(engine)} cannot be used: {error.orig}") from error


def shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)

"""The database: opened as configured, refused when its schema is not the newest."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.migrate import current_revision, is_current, upgrade
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
    """:raises SettingsError: the database is not there, or has not been migrated; the message says what to do."""
    engine = container.engine()
    with _usable(engine):
        if is_current(engine):
            return
        if current_revision(engine) is not None:
            raise SettingsError(f"{_shown(engine)} has the schema of another release: run `notify migrate`")
    embedded = ", or `notify serve`, which does that for its own database" if engine.dialect.name == "sqlite" else ""
    raise SettingsError(f"{_shown(engine)} holds nothing yet: run `notify migrate`{embedded}")


def migrate(container: HasEngine) -> None:
    """Bring the database to the newest schema.

    :raises SettingsError: it is not there, or cannot be written.
    """
    engine = container.engine()
    with _usable(engine):
        upgrade(engine)


@contextmanager
def _usable(engine: Engine) -> Iterator[None]:
    try:
        yield
    except TransientError as error:
        raise SettingsError(f"{_VARIABLE}: {_shown(engine)}: {error}") from error
    except DBAPIError as error:
        raise SettingsError(f"{_VARIABLE}: {_shown(engine)} cannot be used: {error.orig}") from error


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)

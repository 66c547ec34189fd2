"""Whether somebody clears away what the ledger's rows leave behind."""

from sqlalchemy import Engine, text

from notify_adapters.storage.sql.engine import ONE_BY_ONE
from notify_adapters.storage.sql.errors import translated

_IS_VACUUMED = text(
    """
    SELECT current_setting('autovacuum')::boolean AND NOT EXISTS (
        SELECT 1 FROM pg_class, unnest(reloptions) AS option
        WHERE pg_class.oid = 'task_ledger'::regclass AND option ~ '^autovacuum_enabled=(false|off)'
    )
    """
)


def is_vacuumed(engine: Engine) -> bool:
    """Whether PostgreSQL does so by itself; SQLite needs nobody.

    :raises TransientError: the database is not there.
    """
    if engine.dialect.name != "postgresql":
        return True
    with translated(), engine.connect().execution_options(**{ONE_BY_ONE: True}) as connection:
        return bool(connection.scalar(_IS_VACUUMED))

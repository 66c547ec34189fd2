"""What Alembic runs to migrate; the connection, with its transaction, comes from ``migrate.py``."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from notify_adapters.storage.sql.schema import metadata
from notify_adapters.storage.sql.types import UtcDateTime


def _render(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """How a new revision spells our own column type."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogenerate.imports.add("from notify_adapters.storage.sql.types import UtcDateTime")
        return "UtcDateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can't alter a table in place; in a batch it is copied.
    render_as_batch=True,
    transactional_ddl=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()

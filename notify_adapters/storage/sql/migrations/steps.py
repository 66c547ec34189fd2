"""What revisions from 0016 on are made of where nobody may have to wait for them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

_INVALID = sa.text(
    "SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = :name AND NOT indisvalid"
)


def index_beside_traffic(name: str, table: str, columns: Sequence[str], *, where: str | None = None) -> None:
    """An index on a table that may be large, in a revision that says ``alone = True``. Rows are written meanwhile.
    One that a former attempt left behind, which no query uses, goes first; one that an operator made stays."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql" and connection.scalar(_INVALID, {"name": name}):
        op.drop_index(name, table, postgresql_concurrently=True)
    condition = None if where is None else sa.text(where)
    op.create_index(
        name,
        table,
        columns,
        sqlite_where=condition,
        postgresql_where=condition,
        postgresql_concurrently=True,
        if_not_exists=True,
    )

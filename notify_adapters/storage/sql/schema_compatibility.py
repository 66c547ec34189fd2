"""Which releases the schema, as it is, works with; see ``compatibility.py``."""

import sqlalchemy as sa

from notify_adapters.storage.sql.metadata import metadata

# One row. Only migrating writes it.
schema_compatibility = sa.Table(
    "schema_compatibility", metadata, sa.Column("works_from", sa.String(), primary_key=True)
)

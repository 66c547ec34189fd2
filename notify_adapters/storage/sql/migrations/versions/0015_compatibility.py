"""Which releases the schema works with. What was before this revision was never apart from it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
works_from: str = "0015"


def upgrade() -> None:
    op.create_table(
        "schema_compatibility",
        sa.Column("works_from", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("works_from", name=op.f("pk_schema_compatibility")),
    )


def downgrade() -> None:
    op.drop_table("schema_compatibility")

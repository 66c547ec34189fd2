"""Print runs and their groups."""

revision: str = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""

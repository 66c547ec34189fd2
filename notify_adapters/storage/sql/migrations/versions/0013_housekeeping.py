"""History, and processing time per day."""

revision: str = "0013"
down_revision: str | None = "0012"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""

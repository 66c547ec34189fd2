"""Weights of suppliers and their changes."""

revision: str = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""

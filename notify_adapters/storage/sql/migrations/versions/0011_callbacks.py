"""Attempts to tell services, circuits, complaints."""

revision: str = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""

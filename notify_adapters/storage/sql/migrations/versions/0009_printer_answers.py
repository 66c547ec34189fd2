"""What the printer and the post answer: files, sorted counts, returned letters."""

revision: str = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""

"""The task ledger and what keeps time for it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    _create_held_keys()
    _create_leases()
    _create_schedule_marks()
    _create_task_ledger()
    if op.get_bind().dialect.name == "postgresql":
        _prepare_for_churn()


def downgrade() -> None:
    # Indexes go with their tables.
    op.drop_table("task_ledger")
    op.drop_table("schedule_marks")
    op.drop_table("leases")
    op.drop_table("held_keys")


def _create_held_keys() -> None:
    op.create_table(
        "held_keys",
        sa.Column("limit_key", sa.String(length=200), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("limit_key", name=op.f("pk_held_keys")),
    )


def _create_leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def _create_schedule_marks() -> None:
    op.create_table(
        "schedule_marks",
        sa.Column("entry", sa.String(length=100), nullable=False),
        sa.Column("last_due_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_schedule_marks")),
    )


def _create_task_ledger() -> None:
    op.create_table(
        "task_ledger",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.String(length=100), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("queue", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.Column("fair", sa.String(length=200), nullable=True),
        sa.Column("limit_key", sa.String(length=200), nullable=True),
        sa.Column("dedupe", sa.String(length=200), nullable=True),
        sa.Column(
            "lane", sa.String(length=510).with_variant(sa.String(510, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("leased_until_us", sa.BigInteger(), nullable=True),
        sa.Column("worker", sa.String(length=200), nullable=True),
        sa.Column("token", sa.String(length=32), nullable=True),
        sa.Column("request_id", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_ledger")),
    )
    op.create_index(
        "ix_task_ledger_due",
        "task_ledger",
        ["lane", "due_us", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index(
        "ix_task_ledger_failed",
        "task_ledger",
        ["id", "queue"],
        unique=False,
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index(
        "ix_task_ledger_under_way",
        "task_ledger",
        ["lane", "leased_until_us", "state"],
        unique=False,
        sqlite_where=sa.text("state IN ('published', 'claimed')"),
        postgresql_where=sa.text("state IN ('published', 'claimed')"),
    )
    op.create_index(
        "uq_task_ledger_dedupe",
        "task_ledger",
        ["dedupe"],
        unique=True,
        sqlite_where=sa.text("dedupe IS NOT NULL AND state <> 'failed'"),
        postgresql_where=sa.text("dedupe IS NOT NULL AND state <> 'failed'"),
    )


def _prepare_for_churn() -> None:
    """Every row is written three times and deleted, within seconds: what is dead must go as fast as it comes."""
    settings = {
        # New versions find room on the page of the old one.
        "fillfactor": "50",
        # By number of dead rows, since the table is mostly empty; and without pauses.
        "autovacuum_vacuum_scale_factor": "0",
        "autovacuum_vacuum_threshold": "2000",
        "autovacuum_vacuum_cost_delay": "0",
        "autovacuum_analyze_scale_factor": "0",
        "autovacuum_analyze_threshold": "20000",
    }
    assigned = ", ".join(f"{name} = {value}" for name, value in settings.items())
    op.execute(f"ALTER TABLE task_ledger SET ({assigned})")

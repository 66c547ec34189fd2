"""Every revision from the first that says for whom it is holds to the rules of docs/upgrading.md."""

import pytest
from sqlalchemy import insert

from notify_adapters.storage.sql import migrate
from notify_adapters.storage.sql.compatibility import FIRST
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.schema_compatibility import schema_compatibility
from notify_adapters.storage.sql.stepping import OURS, alembic_config
from tests.integration.next_release import write_step, write_steps
from tests.integration.storage.migration_rules import broken_rules

# PostgreSQL's indexes of expressions are not what these rules are about.
pytestmark = pytest.mark.filterwarnings("ignore:.*expression-based index")


@pytest.fixture
def url(postgresql_server):
    with postgresql_server.database() as url:
        yield url


@pytest.fixture
def engine(url):
    engine = make_engine(url)
    yield engine
    engine.dispose()


def test_ours(engine):
    with engine.begin() as connection:
        migrate.command.upgrade(alembic_config(connection), FIRST)
        connection.execute(insert(schema_compatibility).values(works_from=FIRST))
    assert broken_rules(engine, OURS) == []


def test_those_of_the_next_release(engine, tmp_path):
    migrate.upgrade(engine)
    assert broken_rules(engine, write_steps(tmp_path / "versions").versions) == []


CHANGES = [
    ('op.drop_column("notifications", "reply_to")', "takes notifications.reply_to away"),
    ('op.drop_table("tickets")', "takes tickets away"),
    (
        'op.add_column("history", sa.Column("note", sa.String(), nullable=False))',
        "wants history.note of those who do not know it",
    ),
    ('op.alter_column("services", "name", type_=sa.String(5))', "makes services.name narrower"),
    ('op.alter_column("services", "name", type_=sa.Text())', "looks at all of services under a lock"),
    ('op.alter_column("history", "job_id", nullable=False)', "makes history.job_id narrower"),
    (
        'op.create_index("ix_history_job", "history", ["job_id"])',
        "keeps history from being written while an index is made",
    ),
    ('op.create_unique_constraint("uq_users", "users", ["name"])', "makes something of users unique"),
    ('op.execute("UPDATE history SET units = 1")', "changes rows of history in one transaction"),
    ('op.create_table("left_behind", sa.Column("id", sa.Uuid()))', "is not undone by its way back"),
]


@pytest.fixture
def migrated(postgresql_server, postgresql_template):
    with postgresql_server.database(postgresql_template) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.mark.parametrize(("change", "said"), CHANGES, ids=[said for _, said in CHANGES])
def test_what_is_against_the_rules(migrated, tmp_path, change, said):
    last = migrate.release_of().steps[-1]
    revision = f"{int(last.revision) + 1:04d}"
    body = f"def upgrade():\n    {change}\n\n\ndef downgrade():\n    pass\n"
    write_step(tmp_path, revision, last.revision, last.works_from, body)
    assert f"{revision} {said}" in broken_rules(migrated, (*OURS, tmp_path))


@pytest.mark.parametrize(
    ("works_from", "alone", "said"),
    [(1, False, "leaves no former release that works with it"), (0, True, "takes away, and is no transaction")],
)
def test_what_takes_away_leaves_a_former_release(migrated, tmp_path, works_from, alone, said):
    last = migrate.release_of().steps[-1]
    numbers = [f"{int(last.revision) + number:04d}" for number in (1, 2)]
    nothing = "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"
    write_step(tmp_path, numbers[0], last.revision, last.works_from, nothing)
    write_step(tmp_path, numbers[1], numbers[0], numbers[works_from], nothing, alone=alone)
    assert broken_rules(migrated, (*OURS, tmp_path)) == [f"{numbers[1]} {said}"]

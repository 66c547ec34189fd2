"""The release after this one: three more revisions, alone or in a copy of the packages whose code uses them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from notify_adapters.storage.sql.migrate import release_of
from notify_adapters.storage.sql.stepping import OURS

ROOT = Path(__file__).parents[2]
PACKAGES = ("notify_core", "notify_adapters", "notify_entrypoints")
NOTE = "written by the next release"

_HEAD = '''"""{what}."""

import sqlalchemy as sa
from alembic import op

from notify_adapters.storage.sql.migrations.steps import index_beside_traffic

revision = "{revision}"
down_revision = "{before}"
works_from = "{works_from}"
alone = {alone}

'''

EXPANDS = """
def upgrade():
    op.add_column("notifications", sa.Column("note", sa.String()))
    op.create_table("notes", sa.Column("id", sa.Uuid(), primary_key=True))


def downgrade():
    op.drop_table("notes")
    op.drop_column("notifications", "note")
"""

INDEXES = """
def upgrade():
    index_beside_traffic("ix_notifications_note", "notifications", ["note"], where="note IS NOT NULL")


def downgrade():
    op.drop_index("ix_notifications_note", "notifications", postgresql_concurrently=True)
"""

CONTRACTS = """
def upgrade():
    op.drop_table("processing_times")


def downgrade():
    raise NotImplementedError
"""


@dataclass(frozen=True)
class NextRelease:
    """``now`` is the newest revision of this release, the others are the next one's."""

    now: str
    expands: str
    indexes: str
    contracts: str
    folder: Path

    @property
    def versions(self):
        return (*OURS, self.folder)


def write_steps(folder):
    """The revisions of the next release, in a folder of their own."""
    last = release_of().steps[-1]
    numbers = [f"{int(last.revision) + step:04d}" for step in (1, 2, 3)]
    folder.mkdir(parents=True, exist_ok=True)
    write_step(folder, numbers[0], last.revision, last.works_from, EXPANDS)
    write_step(folder, numbers[1], numbers[0], last.works_from, INDEXES, alone=True)
    write_step(folder, numbers[2], numbers[1], numbers[1], CONTRACTS)
    return NextRelease(last.revision, *numbers, folder)


def write_step(folder, revision, before, works_from, body, *, alone=False):
    head = _HEAD.format(what="A step", revision=revision, before=before, works_from=works_from, alone=alone)
    (folder / f"{revision}_of_the_next_release.py").write_text(head + body)


def copy_of_the_packages(folder):
    """The next release whole: processes with this folder in ``PYTHONPATH`` are of it."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    sql = folder / "notify_adapters" / "storage" / "sql"
    released = write_steps(sql / "migrations" / "versions")
    _amend(
        sql / "schema_notifications.py",
        '    sa.Column("job_row", sa.Integer()),\n',
        '    sa.Column("note", sa.String()),\n',
    )
    link = '            "one_click_unsubscribe_url_cipher": self._encrypt(link),\n'
    _amend(sql / "repositories" / "notification_rows.py", link, f'            "note": "{NOTE}",\n')
    return released


def _amend(file, after, line):
    text = file.read_text()
    assert after in text
    file.write_text(text.replace(after, after + line, 1))

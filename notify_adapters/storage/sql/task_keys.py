"""Whether somebody is at work on what a row is about."""

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_ledger import HAS_DEDUPE, task_ledger


def has_task(kind: str, id_column: sa.ColumnElement[object]) -> sa.ColumnElement[bool]:
    """Whether an unfinished row of the task ledger has the dedupe key ``{kind}:{id}``."""
    # Written as the index over unfinished rows is, so that it is used.
    return sa.exists().where(task_ledger.c.dedupe == _key(kind, id_column), HAS_DEDUPE)


def _key(kind: str, id_column: sa.ColumnElement[object]) -> sa.ColumnElement[str]:
    """With the id hyphenated as in Python, wherever ids are plain hex."""
    digits = sa.func.replace(sa.cast(id_column, sa.String()), "-", "")
    key: sa.ColumnElement[str] = sa.literal(f"{kind}:") + sa.func.substr(digits, 1, 8)
    for start, length in ((9, 4), (13, 4), (17, 4), (21, 12)):
        key = key + "-" + sa.func.substr(digits, start, length)
    return key

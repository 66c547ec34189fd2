"""What docs/upgrading.md says of revisions, looked for in what they do to a PostgreSQL database."""

import re

from sqlalchemy import event, inspect

from notify_adapters.storage.sql import migrate
from notify_adapters.storage.sql.stepping import Stepping, alone

_SLOW = re.compile(
    r"ALTER COLUMN \S+ (SET DATA )?TYPE|SET NOT NULL|ADD (CONSTRAINT|FOREIGN KEY|UNIQUE|CHECK)", re.IGNORECASE
)
_INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX (?P<beside>CONCURRENTLY )?.*? ON (?P<table>\w+)", re.IGNORECASE)
# What every step writes.
_OF_MIGRATING = {"alembic_version", "schema_compatibility"}
_ALTERS = re.compile(r"ALTER TABLE (?P<table>\w+)|UPDATE (?P<updated>\w+)", re.IGNORECASE)


def broken_rules(engine, versions):
    """What is wrong with the first step with something wrong, of those that a database has not had, in words."""
    release = migrate.release_of(versions)
    for step in release.after(migrate.read_schema(engine)):
        before = _shape(engine)
        said = _take(engine, release, versions)
        found = [*_that_keeps_others_waiting(said, before), *_that_takes_away(release, step, before, _shape(engine))]
        if not found and not release.contracts(step):
            migrate.back_to(engine, release.before(step).revision, versions=versions)
            if _shape(engine) == before:
                _take(engine, release, versions)
            else:
                found.append("is not undone by its way back")
        if found:
            return [f"{step.revision} {what}" for what in found]
    return []


def _take(engine, release, versions):
    """One step; returns the statements of it."""
    said = []

    def hear(_connection, _cursor, statement, *_):
        said.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", hear)
    with alone(engine) as connection:
        assert Stepping(connection, release, versions).forward(contract=True)
    event.remove(engine, "before_cursor_execute", hear)
    return said


def _that_keeps_others_waiting(said, before):
    for statement in said:
        index, alters = _INDEX.match(statement), _ALTERS.match(statement)
        if index and index["table"] in before and not index["beside"]:
            yield f"keeps {index['table']} from being written while an index is made"
        if alters and alters["table"] in before and _SLOW.search(statement):
            yield f"looks at all of {alters['table']} under a lock"
        if alters and alters["updated"] in before:
            yield f"changes rows of {alters['updated']} in one transaction"


def _that_takes_away(release, step, before, after):
    if not release.contracts(step):
        yield from _narrower(before, after)
    elif step.works_from >= step.revision:
        yield "leaves no former release that works with it"
    elif step.alone:
        yield "takes away, and is no transaction"


def _narrower(before, after):
    for table, (columns, unique) in before.items():
        if table not in after:
            yield f"takes {table} away"
            continue
        now, unique_now = after[table]
        for name, (kind, _nullable, _default) in columns.items():
            if name not in now:
                yield f"takes {table}.{name} away"
            elif now[name][0] != kind or (now[name][1] is False and columns[name][1]):
                yield f"makes {table}.{name} narrower"
        for name in now.keys() - columns.keys():
            if not now[name][1] and now[name][2] is None:
                yield f"wants {table}.{name} of those who do not know it"
        if unique_now - unique:
            yield f"makes something of {table} unique"


def _shape(engine):
    """Of each table: its columns (type, whether they may be empty, what they are by default), and what is unique."""
    found = inspect(engine)
    return {
        table: (
            {one["name"]: (str(one["type"]), one["nullable"], one["default"]) for one in found.get_columns(table)},
            {tuple(one["column_names"]) for one in found.get_indexes(table) if one["unique"]}
            | {tuple(one["column_names"]) for one in found.get_unique_constraints(table)},
        )
        for table in set(found.get_table_names()) - _OF_MIGRATING
    }

"""Print runs and their zips, on SQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.deleting import some_of
from notify_adapters.storage.sql.schema_print_runs import print_groups, print_runs
from notify_adapters.storage.sql.session import SqlSession
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.letters.model import Postage, Printed, PrintGroup, PrintRun, Volume

_r, _g = print_runs.c, print_groups.c

_THIS_RUN = sa.select(print_runs).where(_r.deadline == sa.bindparam("deadline"))
_LATEST = sa.select(print_runs).order_by(_r.deadline.desc()).limit(sa.bindparam("number"))
_THIS_GROUP = sa.select(print_groups).where(_g.zip_name == sa.bindparam("zip_name"))
_OF_RUN = _g.deadline == sa.bindparam("deadline")
_GROUPS = sa.select(print_groups).where(_OF_RUN)
_PRINTED = sa.select(
    sa.func.count().label("zips"),
    sa.func.count(_g.sent_at).label("sent"),
    sa.func.coalesce(sa.func.sum(_g.letters), 0).label("letters"),
    sa.func.coalesce(sa.func.sum(_g.sheets), 0).label("sheets"),
).where(_OF_RUN, _g.letters > 0)
_HIGHEST = sa.select(sa.func.coalesce(sa.func.max(_g.number), 0)).where(
    _OF_RUN, _g.postage == sa.bindparam("of_postage")
)
_CHANGE = sa.update(print_groups).where(
    _g.zip_name == sa.bindparam("was_zip_name"),
    _g.uploaded_at.is_not_distinct_from(sa.bindparam("was_uploaded_at")),
    _g.sent_at.is_not_distinct_from(sa.bindparam("was_sent_at")),
)
_OLD_GROUPS = some_of(
    _g.zip_name, _g.deadline < sa.bindparam("moment"), sa.or_(_g.sent_at.is_not(None), _g.letters == 0)
)
_OLD_RUNS = some_of(_r.deadline, _r.deadline < sa.bindparam("moment"), ~sa.exists().where(_g.deadline == _r.deadline))
_ORDER = list(Postage)


class SqlPrintRuns:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def begin(self, run: PrintRun) -> bool:
        if self._session.row(_THIS_RUN, {"deadline": run.deadline}) is not None:
            return False
        volumes = {postage.value: asdict(volume) for postage, volume in run.volumes.items()}
        row = {"deadline": run.deadline, "started_at": run.started_at, "volumes": volumes}
        self._session.insert(print_runs, [row])
        return True

    def get(self, deadline: datetime) -> PrintRun:
        row = self._session.row(_THIS_RUN, {"deadline": deadline})
        if row is None:
            raise NotFound(f"no print run of {deadline}")
        return _run(row)

    def latest(self, limit: int) -> Sequence[PrintRun]:
        return [_run(row) for row in self._session.rows(_LATEST, {"number": limit})]

    def next_number(self, deadline: datetime, postage: Postage) -> int:
        return 1 + int(self._session.scalar(_HIGHEST, {"deadline": deadline, "of_postage": postage}))

    def add_group(self, group: PrintGroup) -> None:
        self._session.insert(print_groups, [_row(group)])

    def group(self, zip_name: str) -> PrintGroup:
        row = self._session.row(_THIS_GROUP, {"zip_name": zip_name})
        if row is None:
            raise NotFound(f"no zip {zip_name}")
        return _group(row)

    def groups(self, deadline: datetime) -> Sequence[PrintGroup]:
        found = [_group(row) for row in self._session.rows(_GROUPS, {"deadline": deadline})]
        return sorted(found, key=lambda group: (_ORDER.index(group.postage), group.number))

    def printed(self, deadline: datetime) -> Printed:
        (row,) = self._session.rows(_PRINTED, {"deadline": deadline})
        return Printed(row["zips"], row["sent"], Volume(row["letters"], row["sheets"]))

    def change_group(self, was: PrintGroup, becomes: PrintGroup) -> None:
        unchanged = {
            "was_zip_name": was.zip_name,
            "was_uploaded_at": was.uploaded_at,
            "was_sent_at": was.sent_at,
        }
        if not self._session.changed(_CHANGE, unchanged | _row(becomes)):
            raise Conflict(f"{was.zip_name} is farther by now")

    def delete_before(self, deadline: datetime, limit: int) -> int:
        groups = self._session.changed(_OLD_GROUPS, {"moment": deadline, "most": limit})
        return groups + self._session.changed(_OLD_RUNS, {"moment": deadline, "most": limit - groups})


def _run(row: sa.RowMapping) -> PrintRun:
    volumes = {Postage(postage): Volume(**volume) for postage, volume in row["volumes"].items()}
    return PrintRun(row["deadline"], row["started_at"], volumes)


def _row(group: PrintGroup) -> dict[str, Any]:
    return asdict(group) | {"keys": list(group.keys), "letters": group.letters}


def _group(row: sa.RowMapping) -> PrintGroup:
    values = {name: value for name, value in row.items() if name != "letters"}
    values["postage"] = Postage(row["postage"])
    values["keys"] = tuple(row["keys"])
    return PrintGroup(**values)

"""Tests of the ways to the networks, on SQL."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_broadcasts import link_tests
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.types import EPOCH, UtcDateTime
from notify_core.broadcasts.model import AttemptOutcome, LinkState, LinkTest, Route

_c = link_tests.c
_IS_RECENT = _c.at >= sa.bindparam("since", type_=UtcDateTime())


def _recent_that(outcome: AttemptOutcome) -> sa.ColumnElement[int]:
    counted = sa.case((sa.and_(_IS_RECENT, _c.outcome == outcome), 1), else_=0)
    return sa.func.sum(counted).over(partition_by=(_c.provider, _c.route)).label(outcome.value)


# Some ten thousand rows are kept, and people look at them: reading all costs less than an index.
_RANKED = sa.select(
    link_tests,
    sa.func.row_number()
    .over(partition_by=(_c.provider, _c.route), order_by=(_c.at.desc(), _c.id.desc()))
    .label("place"),
    _recent_that(AttemptOutcome.ACKNOWLEDGED),
    _recent_that(AttemptOutcome.FAILED),
).subquery()
_LATEST = sa.select(_RANKED).where(_RANKED.c.place == 1).order_by(_RANKED.c.provider, _RANKED.c.route)
_OLD = (
    sa.select(_c.id, _c.route)
    .where(_c.at < sa.bindparam("moment", type_=UtcDateTime()))
    .order_by(_c.at, _c.id, _c.route)
    .limit(sa.bindparam("number"))
)
_REMOVE = sa.delete(link_tests).where(sa.tuple_(_c.id, _c.route).in_(_OLD))


class SqlLinkTests:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, test: LinkTest) -> None:
        # The fields of a test are the columns, by name.
        self._session.insert(link_tests, [asdict(test)])

    def latest(self, since: datetime | None = None) -> Sequence[LinkState]:
        rows = self._session.rows(_LATEST, {"since": since or EPOCH})
        return [LinkState(_to_test(row), row["acknowledged"], row["failed"]) for row in rows]

    def remove_before(self, at: datetime, limit: int) -> int:
        return self._session.changed(_REMOVE, {"moment": at, "number": limit})


def _to_test(row: sa.RowMapping) -> LinkTest:
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(LinkTest)}
    return LinkTest(**{**values, "route": Route(row["route"]), "outcome": AttemptOutcome(row["outcome"])})

"""What waits and what is under way, read from the edges of the indexes: the cost depends on how many
lanes there are, not on how many rows wait in them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    RowMapping,
    Select,
    String,
    Uuid,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from notify_adapters.storage.sql.schema_ledger import IS_DUE, IS_UNDER_WAY, held_keys, read_lane, task_ledger
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.types import database_now
from notify_core.kernel.queues import Queue
from notify_core.kernel.turns import Room
from notify_core.ports.task_ledger import RelayLimits


@dataclass(frozen=True, slots=True)
class LaneState:
    """``since``: since when its first row, ``head``, may be published (microseconds, also in the future)."""

    lane: str
    queue: Queue
    fair: str | None
    limit: str | None
    rows: int
    since: int
    head: UUID | None = None


@dataclass(frozen=True)
class Survey:
    """``due``: lanes with due rows (their number is not known); ``under_way``: lanes with published
    or claimed rows, whose ``since`` is when the first lease runs out; ``held``: until when."""

    now: int
    due: Sequence[LaneState]
    under_way: Sequence[LaneState]
    held: Mapping[str, int]

    def ready(self) -> list[LaneState]:
        """Lanes with rows to publish now, as far as due times and holds go."""
        return [lane for lane in self.due if self._ready_at(lane) <= self.now]

    def expired(self) -> list[LaneState]:
        """Lanes with rows to publish again."""
        return [lane for lane in self.under_way if self._ready_at(lane) <= self.now]

    def capacity(self, queue: Queue, limits: RelayLimits) -> int:
        """How many more rows the queue may take."""
        return limits.per_queue - self.busy(queue).total()

    def busy(self, queue: Queue) -> Counter[str | None]:
        """Rows under way in the queue, by fair key."""
        return self._busy.get(queue, Counter())

    def room(self, limits: RelayLimits) -> Room:
        """What the limit keys leave, in all queues together."""
        taken: Counter[str] = Counter()
        for lane in self.under_way:
            if lane.limit is not None:
                taken[lane.limit] += lane.rows
        return Room(limits.per_limit_key, taken)

    def can_publish(self, limits: RelayLimits) -> bool:
        """Whether there is anything for a relay to do."""
        if self.expired():
            return True
        room = self.room(limits)
        ready = {lane.queue for lane in self.ready() if room.left(lane.limit) != 0}
        return any(self.capacity(queue, limits) > 0 for queue in ready)

    def next_due_in(self) -> timedelta | None:
        moments = [self._ready_at(lane) for lane in (*self.due, *self.under_way)]
        return timedelta(microseconds=max(0, min(moments) - self.now)) if moments else None

    def lag(self) -> timedelta:
        waiting = [lane.since for lane in (*self.ready(), *self.expired())]
        return timedelta(microseconds=self.now - min(waiting, default=self.now))

    @cached_property
    def _busy(self) -> Mapping[Queue, Counter[str | None]]:
        busy: dict[Queue, Counter[str | None]] = {}
        for lane in self.under_way:
            busy.setdefault(lane.queue, Counter())[lane.fair] += lane.rows
        return busy

    def _ready_at(self, lane: LaneState) -> int:
        return max(lane.since, self.held.get(lane.limit or "", lane.since))


def survey(session: SqlSession) -> Survey:
    found: dict[str, list[RowMapping]] = {kind: [] for kind in ("due", "under way", "held", "now")}
    for row in session.rows(_SURVEY):
        found[row["kind"]].append(row)
    ((now,), held) = found["now"], found["held"]
    return Survey(
        now=now["since"],
        due=[_lane_state(row) for row in found["due"]],
        under_way=[_lane_state(row) for row in found["under way"]],
        held={row["name"]: row["since"] for row in held},
    )


def _lane_state(row: RowMapping) -> LaneState:
    lane: str = row["name"]
    return LaneState(lane, *read_lane(lane), rows=row["number"], since=row["since"], head=row["head"])


def _due_lanes() -> Select[Any]:
    """A loose index scan: one step to the next lane, one to its first row, however many rows there are.

    The conditions on the state are literal text: a bound parameter would hide from the database that
    the partial index serves.
    """
    first = select(func.min(task_ledger.c.lane).label("lane")).where(IS_DUE)
    lanes = first.cte("lanes", recursive=True)
    following = select(func.min(task_ledger.c.lane)).where(IS_DUE, task_ledger.c.lane > lanes.c.lane)
    lanes = lanes.union_all(
        select(following.correlate(lanes).scalar_subquery()).select_from(lanes).where(lanes.c.lane.is_not(None))
    )
    first_row = (
        select(task_ledger.c.due_us)
        .where(IS_DUE, task_ledger.c.lane == lanes.c.lane)
        .order_by(task_ledger.c.due_us, task_ledger.c.id)
        .limit(1)
        .correlate(lanes)
    )
    since = first_row.scalar_subquery()
    head = first_row.with_only_columns(task_ledger.c.id).scalar_subquery()
    return _found("due", lanes.c.lane, since, head=head).where(lanes.c.lane.is_not(None))


def _found(
    kind: str,
    name: ColumnElement[Any],
    since: ColumnElement[Any],
    *,
    number: ColumnElement[Any] | None = None,
    head: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """A part of the survey: all have the same columns."""
    return select(
        literal_column(f"'{kind}'", String).label("kind"),
        name.label("name"),
        since.label("since"),
        (literal_column("0", BigInteger) if number is None else number).label("number"),
        (cast(null(), Uuid) if head is None else head).label("head"),
    )


_UNDER_WAY = (
    _found("under way", task_ledger.c.lane, func.min(task_ledger.c.leased_until_us), number=func.count())
    .where(IS_UNDER_WAY)
    .group_by(task_ledger.c.lane)
)
_HELD = _found("held", held_keys.c.limit_key, held_keys.c.until_us).where(held_keys.c.until_us > database_now())
_NOW = _found("now", cast(null(), String), database_now())
# One statement, hence one moment, and one round trip.
_SURVEY = union_all(_due_lanes(), _UNDER_WAY, _HELD, _NOW)

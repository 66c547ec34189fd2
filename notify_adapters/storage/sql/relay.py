"""Which rows the relay publishes: those whose lease ran out, then due ones in turn."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    RowMapping,
    String,
    TextClause,
    Update,
    Uuid,
    bindparam,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from notify_adapters.storage.sql.ledger_statements import LOST
from notify_adapters.storage.sql.ledger_survey import LaneState, Survey, survey
from notify_adapters.storage.sql.schema_ledger import IS_DUE, IS_UNDER_WAY, task_ledger
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.types import span
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import Queue
from notify_core.kernel.turns import Lane, Room, take_turns
from notify_core.ports.task_ledger import EntryState, RelayLimits
from notify_core.ports.task_queue import Publication, marked_ahead

# Relays choose one after the other. Any number will do that nothing else in the database uses.
RELAY = 0x4E0717F1
_BATCH = 500

_c = task_ledger.c
Place = tuple[int, UUID]
Condition = ColumnElement[bool] | TextClause

# in_lane, now, due, row_id, share
_PLACE = (_c.due_us, _c.id)
_ROWS_BEHIND = (
    select(*_PLACE)
    .where(
        IS_DUE,
        _c.lane == bindparam("in_lane"),
        _c.due_us <= bindparam("now"),
        tuple_(*_PLACE) > tuple_(bindparam("due", type_=BigInteger), bindparam("row_id", type_=Uuid)),
    )
    .order_by(*_PLACE)
    .limit(bindparam("share", type_=BigInteger))
)

# PostgreSQL, where a query for each of a thousand lanes would be a thousand round trips: lanes, now, share
_LANES = func.unnest(bindparam("lanes", type_=ARRAY(String))).table_valued("lane", name="wanted").render_derived()
_FIRST_ROWS = (
    select(*_PLACE)
    .where(IS_DUE, _c.lane == _LANES.c.lane, _c.due_us <= bindparam("now"))
    .order_by(*_PLACE)
    .limit(bindparam("share", type_=BigInteger))
    .lateral("first_rows")
)
_FIRST_ROWS_OF_LANES = select(_LANES.c.lane, _FIRST_ROWS.c.due_us, _FIRST_ROWS.c.id).join_from(
    _LANES, _FIRST_ROWS, true()
)


def _publication_of(*which: Condition) -> Update:
    """by_worker, until_us. Rows that a worker has at this moment are left to the next relay: waiting for
    it could be waiting for each other."""
    values = {
        "state": EntryState.PUBLISHED.value,
        "worker": bindparam("by_worker"),
        "lost": LOST,
        # Whoever claimed the row before has lost it.
        "token": None,
        "leased_until_us": bindparam("until_us", type_=BigInteger),
    }
    free = select(_c.id).where(*which).with_for_update(skip_locked=True)
    wanted = (_c.id, _c.task, _c.queue, _c.fair, _c.lost)
    return update(task_ledger).where(_c.id.in_(free)).values(values).returning(*wanted)


# row_ids
_PUBLISH = _publication_of(IS_DUE, _c.id.in_(bindparam("row_ids", expanding=True)))
# now, held_keys (none that is held: an empty list)
_NOT_HELD = or_(_c.limit_key.is_(None), _c.limit_key.not_in(bindparam("held_keys", expanding=True)))
_PUBLISH_AGAIN = _publication_of(IS_UNDER_WAY, _c.leased_until_us <= bindparam("now"), _NOT_HELD)


def publish_due(session: SqlSession, limits: RelayLimits, worker: str) -> Sequence[Publication]:
    """Publish in ``session``, which the caller commits."""
    session.serialise(RELAY)
    found = survey(session)
    mark = {"by_worker": worker, "until_us": found.now + span(limits.lease)}
    again: Sequence[RowMapping] = ()
    if found.expired():
        again = session.rows(_PUBLISH_AGAIN, {**mark, "now": found.now, "held_keys": list(found.held)})
        # In the order they were enqueued in; the database returns them in none.
        again = sorted(again, key=lambda row: row["id"])
    chosen = list(_choose(session, found, limits))
    rows: dict[UUID, RowMapping] = {}
    for start in range(0, len(chosen), _BATCH):
        changed = session.rows(_PUBLISH, {**mark, "row_ids": chosen[start : start + _BATCH]})
        rows.update({row["id"]: row for row in changed})
    # Between choosing and publishing a row may have been purged, on PostgreSQL.
    new = [_publication(rows[row_id]) for row_id in chosen if row_id in rows]
    return marked_ahead([*map(_publication, again), *new], _under_way(found, new))


def _under_way(found: Survey, new: Sequence[Publication]) -> Mapping[Queue, Counter[str | None]]:
    """How many rows, by queue and fair key, the new ones among them."""
    busy: dict[Queue, Counter[str | None]] = {}
    for row in new:
        busy.setdefault(row.queue, Counter(found.busy(row.queue)))[row.fair] += 1
    return busy


def _choose(session: SqlSession, found: Survey, limits: RelayLimits) -> Iterator[UUID]:
    room = found.room(limits)
    by_queue: dict[Queue, list[LaneState]] = {}
    for lane in found.ready():
        by_queue.setdefault(lane.queue, []).append(lane)
    for queue, lanes in sorted(by_queue.items()):
        capacity = found.capacity(queue, limits)
        # What each lane gives if all give the same.
        share = max(0, capacity) // len(lanes) + 1
        known = _first_rows(session, lanes, found.now, share, room)
        waiting = [
            Lane(lane.fair, lane.limit, lane.since, _rows_of(session, lane, known.get(lane.lane), found.now, share))
            for lane in lanes
        ]
        yield from take_turns(waiting, capacity, found.busy(queue), room, spare=limits.spare)


def _first_rows(
    session: SqlSession, lanes: Sequence[LaneState], now: int, share: int, room: Room
) -> dict[str, list[Place]]:
    """The first rows of those lanes of which more than one row may be published, where that saves queries."""
    wanted = [lane.lane for lane in lanes if room.left(lane.limit) not in {0, 1}]
    if session.dialect != "postgresql" or share == 1 or len(wanted) == 1:
        return {}
    known: dict[str, list[Place]] = {lane: [] for lane in wanted}
    for row in session.rows(_FIRST_ROWS_OF_LANES, {"lanes": wanted, "now": now, "share": share}):
        known[row["lane"]].append((row["due_us"], row["id"]))
    return known


def _rows_of(
    session: SqlSession, lane: LaneState, known: Sequence[Place] | None, now: int, share: int
) -> Iterator[Place]:
    """The due rows of a lane, oldest first, read as far as they are asked for."""
    found = known or ([(lane.since, lane.head)] if lane.head else [])
    while found:
        yield from found
        due, row_id = found[-1]
        behind = {"in_lane": lane.lane, "now": now, "due": due, "row_id": row_id, "share": share}
        found = [(row["due_us"], row["id"]) for row in session.rows(_ROWS_BEHIND, behind)]
        share = min(share * 2, _BATCH)


def _publication(row: RowMapping) -> Publication:
    return Publication(LedgerEntryId(row["id"]), row["task"], Queue(row["queue"]), row["fair"], lost=row["lost"])

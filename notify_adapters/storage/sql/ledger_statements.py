"""The task ledger's statements, made once. Parameters are named apart from the columns they set.

Rows are locked one at a time or in the order of their ids, and by relays only if nobody has them: so
no two statements wait for each other.
"""

from functools import cache, lru_cache

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Insert,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    case,
    cast,
    delete,
    or_,
    select,
    union_all,
    update,
)

from notify_adapters.storage.sql.bulk import in_step, types_of
from notify_adapters.storage.sql.schema_ledger import (
    HAS_DEDUPE,
    IS_FAILED,
    IS_FAILED_WITH_DEDUPE,
    IS_UNDER_WAY,
    held_keys,
    task_ledger,
)
from notify_adapters.storage.sql.statements import DialectInsert, insert_ignoring, insert_of
from notify_adapters.storage.sql.types import TRANSACTION_BEGAN, database_now, span
from notify_core.ports.task_ledger import LONGEST_LEASE, EntryState

_c = task_ledger.c
_PUBLISHED = _c.state == EntryState.PUBLISHED.value
_NOBODYS = {"worker": None, "token": None, "leased_until_us": None}
_LEASE = bindparam("lease_us", type_=BigInteger)
_LEASED = database_now() + _LEASE
_OURS = and_(_c.id == bindparam("entry_id"), _c.token == bindparam("our_token"))
_THIS_FAILED = and_(_c.id == bindparam("entry_id"), IS_FAILED)
_OF_KEYS = _c.dedupe.in_(bindparam("of_keys", expanding=True))
_NOW = database_now().label("now_us")
_IS_CLAIMED = _c.state == EntryState.CLAIMED.value
# A claimed row that goes on without its worker has lost a claim.
LOST = _c.lost + cast(_IS_CLAIMED, Integer)


def _in_order(wanted: Select[tuple[object]]) -> ColumnElement[bool]:
    # SQLite, where one transaction writes at a time, leaves FOR UPDATE out.
    return _c.id.in_(wanted.order_by(_c.id).with_for_update())


def _among(name: str) -> ColumnElement[bool]:
    return _c.id.in_(bindparam(name, expanding=True))


def _claimed(*which: ColumnElement[bool]) -> Update:
    values = {
        "lost": LOST,
        "state": EntryState.CLAIMED.value,
        "worker": bindparam("by_worker"),
        "token": bindparam("new_token"),
        "leased_until_us": _LEASED,
    }
    return update(task_ledger).where(*which).values(values).returning(task_ledger, _NOW)


# entry_ids, by_worker, new_token, lease_us; only those are met that are to be had.
_RUN_OUT = and_(_IS_CLAIMED, _c.leased_until_us <= database_now())
CLAIM = _claimed(_in_order(select(_c.id).where(_among("entry_ids"), or_(_PUBLISHED, _RUN_OUT))))
# The same for rows that this transaction has written.
CLAIM_NEW = _claimed(_among("entry_ids"))

# entry_ids, tokens, lease_us: both lists together mean the same as pairs. Of a row's claims one at most is
# under way in a process, and a token means one moment's claims.
_OURS_AMONG = (_among("entry_ids"), _c.token.in_(bindparam("tokens", expanding=True)))
_HELD = select(_c.id).where(*_OURS_AMONG)
# Whoever has a row locked is ending this claim: to wait for it would keep the others from their extension.
EXTEND = update(task_ledger).where(_c.id.in_(_HELD.with_for_update(skip_locked=True))).values(leased_until_us=_LEASED)

# entry_id, our_token
CLAIMED_BY = select(_c.id).where(_OURS).with_for_update()
FINISH = delete(task_ledger).where(_OURS)
# of_dedupe
WITHDRAW = delete(task_ledger).where(
    _c.dedupe == bindparam("of_dedupe"),
    # As the unique index has it, which SQLite takes only when it is asked for in the same words.
    HAS_DEDUPE,
    _c.state.in_([EntryState.DUE.value, EntryState.PUBLISHED.value]),
)
# entry_id, our_token, delay_us, why
PUT_OFF = (
    update(task_ledger)
    .where(_OURS)
    .values(
        **_NOBODYS,
        state=EntryState.DUE.value,
        lost=0,
        due_us=database_now() + bindparam("delay_us", type_=BigInteger),
        reason=bindparam("why"),
    )
)
# The same, to_queue, to_lane
RETRY = PUT_OFF.values(queue=bindparam("to_queue"), lane=bindparam("to_lane"), attempt=_c.attempt + 1)
FAIL = update(task_ledger).where(_OURS).values(**_NOBODYS, state=EntryState.FAILED.value, reason=bindparam("why"))

_DUE_AGAIN = update(task_ledger).values(**_NOBODYS, state=EntryState.DUE.value)
# entry_ids, tokens
GIVE_BACK = _DUE_AGAIN.where(_in_order(_HELD), *_OURS_AMONG)
# entry_ids, of_worker
_PUBLISHED_BY = and_(_PUBLISHED, _c.worker == bindparam("of_worker"))
_WAITING = select(_c.id).where(_among("entry_ids"), _PUBLISHED_BY)
PUT_BACK = _DUE_AGAIN.where(_in_order(_WAITING), _PUBLISHED_BY)
# entry_ids, of_worker, lease_us: whoever has a row locked is claiming it, and then it does not matter.
_WAITED = database_now() - _c.due_us
_LONGER = case((span(LONGEST_LEASE) < _WAITED, span(LONGEST_LEASE)), else_=_WAITED)
_LASTS = case((_LONGER > _LEASE, _LONGER), else_=_LEASE)
HANDED_OVER = (
    update(task_ledger)
    .where(_c.id.in_(_WAITING.with_for_update(skip_locked=True)))
    .values(leased_until_us=database_now() + _LASTS)
)
# of_worker
_OF_WORKER = and_(IS_UNDER_WAY, _c.worker == bindparam("of_worker"))
RECOVER = _DUE_AGAIN.where(_in_order(select(_c.id).where(_OF_WORKER)), _OF_WORKER).values(lost=LOST)

# entry_id
GET = select(task_ledger).where(_c.id == bindparam("entry_id"))
# of_keys
WITH_DEDUPE = union_all(
    select(task_ledger).where(_OF_KEYS, HAS_DEDUPE),
    select(task_ledger).where(_OF_KEYS, IS_FAILED_WITH_DEDUPE),
)
REPLAY = _DUE_AGAIN.where(_THIS_FAILED).values(attempt=0, lost=0, due_us=database_now())
PURGE = delete(task_ledger).where(_THIS_FAILED)
# of_key
RELEASE = delete(held_keys).where(held_keys.c.limit_key == bindparam("of_key"))


@cache
def hold(dialect: str) -> DialectInsert:
    """of_key, length_us."""
    until = database_now() + bindparam("length_us", type_=BigInteger)
    statement = insert_of(dialect, held_keys).values(limit_key=bindparam("of_key"), until_us=until)
    return statement.on_conflict_do_update(index_elements=["limit_key"], set_={"until_us": statement.excluded.until_us})


@cache
def add(dialect: str) -> DialectInsert:
    """The columns of a row but for its times, and delay_us; nothing where an unfinished row has the dedupe key."""
    # The same moment for all rows of a transaction, each of which is a statement of its own.
    now = TRANSACTION_BEGAN if dialect == "postgresql" else database_now()
    due = now + bindparam("delay_us", type_=BigInteger)
    return insert_ignoring(dialect, task_ledger).values(created_us=now, due_us=due)


_TYPES = {**types_of(task_ledger), "delay_us": BigInteger()}


@lru_cache(maxsize=64)
def add_many(same: tuple[str, ...], differing: tuple[str, ...]) -> Insert:
    """PostgreSQL: as :func:`add`, for thousands of rows whose columns go as arrays (see ``bulk``)."""
    values = dict(in_step(_TYPES, same, differing))
    values |= {"created_us": TRANSACTION_BEGAN, "due_us": TRANSACTION_BEGAN + values.pop("delay_us")}
    statement = insert_of("postgresql", task_ledger).from_select(list(values), select(*values.values()))
    return statement.on_conflict_do_nothing()

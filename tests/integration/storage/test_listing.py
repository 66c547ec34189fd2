"""Who asks for the rows in one state is not made to wait by a flood in another."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from notify_adapters.storage.sql.engine import ONE_BY_ONE
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.schema_ledger import lane_of, task_ledger
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import INTERNAL, PERIODIC
from notify_core.ports.task_ledger import EntryState

DUE, PUBLISHED, CLAIMED, FAILED = EntryState.DUE, EntryState.PUBLISHED, EntryState.CLAIMED, EntryState.FAILED
INDEXES = {
    DUE: "ix_task_ledger_due",
    PUBLISHED: "ix_task_ledger_under_way",
    CLAIMED: "ix_task_ledger_under_way",
    FAILED: "ix_task_ledger_failed",
}
FLOOD, FEW = 20_000, 10
BEFORE_ALL = LedgerEntryId(UUID(int=0))


@pytest.fixture(params=["sqlite_engine", "postgresql_engine"])
def engine(request):
    return request.getfixturevalue(request.param)


def row(number, state):
    queue, fair = (INTERNAL, PERIODIC)[number % 2], f"{number % 10}"
    return {
        "id": uuid4(),
        "task": "chore",
        "arguments": "{}",
        "queue": queue,
        "state": state.value,
        "attempt": 0,
        "created_us": number,
        "due_us": number,
        "fair": fair,
        "lane": lane_of(queue, fair, None),
        "leased_until_us": number if state in {PUBLISHED, CLAIMED} else None,
    }


def fill(engine, flood):
    numbers = {state: FLOOD if state is flood else FEW for state in EntryState}
    with engine.begin() as connection:
        rows = [row(number, state) for state, many in numbers.items() for number in range(many)]
        connection.execute(task_ledger.insert(), rows)
    if engine.dialect.name == "postgresql":
        with engine.execution_options(**{ONE_BY_ONE: True}).connect() as connection:
            connection.exec_driver_sql("ANALYZE task_ledger")


@pytest.mark.parametrize("more", [{}, {"queue": INTERNAL}, {"after": BEFORE_ALL}], ids=["all", "queue", "after"])
@pytest.mark.parametrize(("flood", "wanted"), [(FAILED, DUE), (FAILED, CLAIMED), (DUE, PUBLISHED), (DUE, FAILED)])
def test_rows_in_a_state_are_found_by_its_index(engine, flood, wanted, more):
    fill(engine, flood)
    sent = []

    def note(_connection, _cursor, sql, values, *_rest):
        sent.append((sql, values))

    event.listen(engine, "before_cursor_execute", note)
    found = SqlTaskLedger(engine).entries(state=wanted, **more)
    event.remove(engine, "before_cursor_execute", note)
    ((sql, values),) = sent
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        plan = " ".join(str(step) for step in connection.exec_driver_sql(f"{explain} {sql}", values).all())
    assert INDEXES[wanted] in plan, plan
    assert {entry.state for entry in found} <= {wanted}
    assert [entry.id for entry in found] == sorted(entry.id for entry in found)
    assert len(found) == (FEW // 2 if "queue" in more else FEW)

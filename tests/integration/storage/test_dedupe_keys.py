"""Units of work that write rows with the same dedupe keys at the same moment."""

import pytest

from notify_core.testing.contracts.racing import race
from notify_core.testing.contracts.storage import Chore, enqueue, publish

KEYS = [f"key {number}" for number in range(6)]


@pytest.fixture
def slow_inserts(postgresql_engine):
    """Each row takes a while, so that two units meet in the middle."""
    with postgresql_engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION rest() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN PERFORM pg_sleep(0.05); RETURN NULL; END'"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER rest AFTER INSERT ON task_ledger FOR EACH ROW EXECUTE FUNCTION rest()"
        )
    yield
    with postgresql_engine.begin() as connection:
        connection.exec_driver_sql("DROP FUNCTION rest() CASCADE")


@pytest.mark.usefixtures("slow_inserts")
def test_they_do_not_wait_for_each_other(postgresql_storage):
    def write(number):
        keys = reversed(KEYS) if number else KEYS
        enqueue(postgresql_storage, *(Chore(dedupe=key) for key in keys))

    race(write, 2)
    assert sorted(entry.dedupe for entry in postgresql_storage.ledger.entries()) == KEYS


@pytest.mark.parametrize("which", ["sqlite_storage", "postgresql_storage"])
def test_rows_come_in_the_order_they_were_enqueued_in(request, which):
    storage = request.getfixturevalue(which)
    with storage.work()() as work:
        for number in range(50):
            work.enqueue(Chore(number, dedupe=f"{number * 7 % 50:02}" if number % 3 else None))
        work.commit()
    assert publish(storage) == list(range(50))

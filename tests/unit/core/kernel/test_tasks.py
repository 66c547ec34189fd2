from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.errors import InvalidValue
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.kernel.queues import BROADCASTS, INTERNAL, PRIORITY, RETRY, Queue
from notify_core.kernel.tasks import NO_RETRY, RetryPolicy, Task, doubling, every


@dataclass(frozen=True)
class Water(Task):
    name: ClassVar[str] = "water"
    queue: ClassVar[Queue] = INTERNAL

    plant: NotificationId
    litres: int
    gently: bool
    with_what: str
    afterwards: tuple[str, ...]
    owner: ServiceId | None = None
    note: str | None = None


@dataclass(frozen=True)
class Repot(Task):
    name: ClassVar[str] = "repot"
    queue: ClassVar[Queue] = INTERNAL

    plant: NotificationId
    litres: int = 3


@dataclass(frozen=True)
class Mow(Task):
    name: ClassVar[str] = "mow"
    queue: ClassVar[Queue] = INTERNAL
    other_queues: ClassVar[tuple[Queue, ...]] = (PRIORITY,)
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(300), maximum=2, queue=RETRY)


waterings = st.builds(
    Water,
    plant=st.uuids(),
    litres=st.integers(),
    gently=st.booleans(),
    with_what=st.text(),
    afterwards=st.lists(st.text()).map(tuple),
    owner=st.none() | st.uuids(),
    note=st.none() | st.text(),
)
PLANT = UUID("6ce466d0-fd6a-11e5-82f5-e0accb9d11a6")


@given(waterings)
def test_a_task_survives_being_written_down(task):
    assert Water.from_arguments(task.arguments()) == task


def test_arguments_are_plain_json_values():
    assert Water(PLANT, 2, gently=True, with_what="can", afterwards=("look", "sing")).arguments() == {
        "plant": "6ce466d0-fd6a-11e5-82f5-e0accb9d11a6",
        "litres": 2,
        "gently": True,
        "with_what": "can",
        "afterwards": ["look", "sing"],
        "owner": None,
        "note": None,
    }


def test_a_row_of_an_older_release_without_the_newer_field_still_runs():
    assert Repot.from_arguments({"plant": str(PLANT)}) == Repot(PLANT, litres=3)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"plant": str(PLANT), "pot": "clay"}, "task repot has no argument pot"),
        ({}, "task repot needs the argument plant"),
        ({"plant": "fern"}, "task repot: plant='fern' is not a UUID"),
        ({"plant": 7}, "task repot: plant=7 is not a UUID"),
        ({"plant": None}, "task repot: plant=None is not a UUID"),
        ({"plant": str(PLANT), "litres": "3"}, "task repot: litres='3' is not a int"),
        ({"plant": str(PLANT), "litres": True}, "task repot: litres=True is not a int"),
    ],
)
def test_a_row_that_fits_no_task_says_what_is_wrong(arguments, reason):
    with pytest.raises(InvalidValue) as refusal:
        Repot.from_arguments(arguments)
    assert str(refusal.value) == reason


TYPED = {"plant": str(PLANT), "litres": "-2", "gently": "true", "with_what": "12", "afterwards": "look, sing,"}


def test_a_task_as_people_type_it():
    task = Water(PLANT, -2, gently=True, with_what="12", afterwards=("look", "sing"))
    assert Water.from_texts(TYPED) == task
    assert Water.from_texts({**TYPED, "owner": "", "note": ""}) == task
    assert not Water.from_texts({**TYPED, "gently": "false"}).gently


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"litres": "two"}, "task water: litres='two' is not a int"),
        ({"gently": "yes"}, "task water: gently='yes' is not a bool"),
        ({"plant": "1"}, "task water: plant='1' is not a UUID"),
        ({"colour": "1"}, "task water has no argument colour"),
    ],
)
def test_and_what_they_mistype(typed, reason):
    with pytest.raises(InvalidValue, match=reason):
        Water.from_texts({**TYPED, **typed})


def test_a_list_is_no_text():
    arguments = Water(PLANT, 2, gently=True, with_what="can", afterwards=()).arguments()
    with pytest.raises(InvalidValue, match=r"note=.* is not a NoneType or str"):
        Water.from_arguments({**arguments, "note": ["a"]})


def test_what_is_neither_an_id_nor_plain_cannot_be_an_argument():
    with pytest.raises(InvalidValue, match="a task argument cannot be a dict"):
        Water(PLANT, 2, gently=True, with_what={"to": "somebody"}, afterwards=()).arguments()


def test_a_task_that_follows_takes_the_arguments_it_shares():
    assert Repot.carrying_on(Water(PLANT, 9, gently=True, with_what="can", afterwards=())) == Repot(PLANT, 9)


def test_a_task_that_follows_needs_what_it_cannot_do_without():
    @dataclass(frozen=True)
    class Sweep(Task):
        name: ClassVar[str] = "sweep"
        queue: ClassVar[Queue] = INTERNAL

        room: str

    with pytest.raises(InvalidValue, match="needs the argument room"):
        Sweep.carrying_on(Repot(uuid4()))


def test_a_task_has_no_keys_of_its_own_accord():
    task = Repot(uuid4())
    assert (task.dedupe_key(), task.fair_key(), task.limit_key()) == (None, None, None)


def test_retries_end_at_the_maximum_or_never():
    assert not NO_RETRY.allows(0)
    assert NO_RETRY.delay(0) == timedelta()
    twice = RetryPolicy(delay=every(60), maximum=2, queue=RETRY)
    assert [twice.allows(retry) for retry in range(4)] == [True, True, False, False]
    assert RetryPolicy(delay=every(60), maximum=None).allows(10**9)


def test_waits_of_the_same_length():
    assert [every(300)(retry).total_seconds() for retry in range(3)] == [300, 300, 300]
    assert [every(300, first_at_once=True)(retry).total_seconds() for retry in range(3)] == [0, 300, 300]


def test_waits_that_double():
    waits = [doubling(up_to=240)(retry).total_seconds() for retry in range(10)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]
    assert doubling(up_to=240)(10**9) == timedelta(seconds=240)


class TestQueues:
    def test_its_own_and_that_of_its_retries(self):
        assert Water.queues() == {INTERNAL}
        assert Mow.queues() == {INTERNAL, PRIORITY, RETRY}

    def test_where_a_row_goes(self):
        assert Mow.queue_for(None) == INTERNAL
        assert Mow.queue_for(PRIORITY) == PRIORITY

    def test_nowhere_else(self):
        with pytest.raises(ValueError, match="task mow does not go by the queue broadcast-tasks"):
            Mow.queue_for(BROADCASTS)

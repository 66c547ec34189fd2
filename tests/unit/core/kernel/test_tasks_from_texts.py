from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest

from notify_core.kernel.errors import InvalidValue
from notify_core.kernel.queues import JOBS
from notify_core.kernel.tasks import Task

ID = "6f1c3a4e-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Everything(Task):
    name: ClassVar[str] = "everything"
    queue: ClassVar = JOBS

    id: UUID
    text: str = "t"
    number: int = 0
    flag: bool = False
    several: tuple[str, ...] = ()
    detail: str | None = "d"


def test_each_argument_becomes_what_it_should_be():
    typed = {"id": ID, "text": "5", "number": "-5", "flag": "true", "several": "a, b,", "detail": ""}
    assert Everything.from_texts(typed) == Everything(
        UUID(ID), "5", number=-5, flag=True, several=("a", "b"), detail=None
    )


def test_what_is_left_out_takes_its_default():
    assert Everything.from_texts({"id": ID, "flag": "false"}) == Everything(UUID(ID))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "needs the argument id"),
        ({"id": "x"}, "id='x' is not a UUID"),
        ({"id": ID, "number": "x"}, "number='x' is not a int"),
        ({"id": ID, "flag": "yes"}, "flag='yes' is not a bool"),
        ({"id": ID, "nosuch": "x"}, "has no argument nosuch"),
    ],
)
def test_what_cannot_be(typed, message):
    with pytest.raises(InvalidValue, match=message):
        Everything.from_texts(typed)

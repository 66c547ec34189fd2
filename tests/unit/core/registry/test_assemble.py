from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import ClassVar

import pytest

from notify_core.kernel.queues import RETRY
from notify_core.kernel.tasks import Task
from notify_core.registry.assemble import MissingPart, assemble, handlers


@dataclass(frozen=True)
class Shout:
    clock: object
    voice: str = "loud"
    heard: list = field(default_factory=list)
    echo: list = field(default_factory=list, init=False)

    def __call__(self, task, claim):
        self.heard.append(task)


@dataclass(frozen=True)
class Cry(Task):
    name: ClassVar[str] = "cry"
    queue: ClassVar = RETRY


def test_fields_are_filled_by_name():
    shout = assemble(Shout, SimpleNamespace(clock="clock", voice="soft", other="part", echo="no"))
    assert (shout.clock, shout.voice, shout.heard, shout.echo) == ("clock", "soft", [], [])


def test_a_default_stands_in_for_a_part():
    assert assemble(Shout, SimpleNamespace(clock="clock")).voice == "loud"


def test_a_missing_part_is_named():
    with pytest.raises(MissingPart, match="Shout needs 'clock', which SimpleNamespace does not have"):
        assemble(Shout, SimpleNamespace())


def test_each_task_gets_its_use_case():
    table = handlers(SimpleNamespace(clock="clock"), {Cry: Shout})
    assert table == {Cry: Shout("clock")}

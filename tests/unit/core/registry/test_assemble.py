from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import ClassVar

import pytest

from notify_core.kernel.queues import RETRY
from notify_core.kernel.tasks import Task
from notify_core.registry.assemble import Handlers, MissingPart, assemble


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
    table = Handlers(SimpleNamespace(clock="clock"), {Cry: Shout})
    assert dict(table) == {Cry: Shout("clock")}
    assert len(table) == 1
    assert table[Cry] is table[Cry]


def test_a_use_case_that_nobody_asks_for_may_lack_its_parts():
    table = Handlers(SimpleNamespace(), {Cry: Shout})
    assert list(table) == [Cry]
    with pytest.raises(MissingPart, match="Shout needs 'clock'"):
        table[Cry]

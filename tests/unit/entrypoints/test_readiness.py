import logging
from threading import Event
from types import SimpleNamespace

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.letter_printer import MemoryLetterPrinter
from notify_core.testing.fakes.letter_store import MemoryLetterStore
from notify_core.testing.fakes.recipient_files import MemoryRecipientFiles
from notify_core.testing.fakes.unit_of_work import MemoryStorage
from notify_entrypoints.readiness import Readiness

SECRET = "password=hunter2 at grace@example.gov.uk"


class Part:
    """An adapter that checks itself, and counts how often it was asked."""

    def __init__(self, error=None, waits_for=None):
        self.error, self.waits_for, self.asked = error, waits_for, 0

    def check_ready(self):
        self.asked += 1
        if self.waits_for is not None:
            assert self.waits_for.wait(60)
        if self.error is not None:
            raise self.error


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def readiness(clock):
    def make(patience=60.0, work=None, **parts):
        providers = {name: lambda part=part: part for name, part in parts.items()}
        container = SimpleNamespace(providers=providers, work=lambda: work or MemoryStorage())
        return Readiness(container, list(parts), clock, patience)

    return make


def ready(answers):
    return {answer.part: answer.ready for answer in answers}


def test_everything_is_there(readiness):
    parts = {
        "letter_store": MemoryLetterStore(),
        "recipient_files": MemoryRecipientFiles(),
        "letter_printer": MemoryLetterPrinter(),
        "sms": {"pigeon": Part()},
        "metrics": object(),
    }
    assert ready(readiness(**parts)()) == dict.fromkeys(("database", *parts), True)


def test_a_printer_that_is_away_is_named(readiness):
    printer = MemoryLetterPrinter()
    printer.fail_with(TransientError("away"))
    assert ready(readiness(letter_printer=printer)()) == {"database": True, "letter_printer": False}


def test_a_part_that_does_not_answer_is_named_and_the_rest_is_asked(readiness, caplog):
    broken, fine = Part(TransientError(SECRET)), Part()
    answers = readiness(task_queue=broken, sms={"a": fine})()

    assert ready(answers) == {"database": True, "task_queue": False, "sms": True}
    assert SECRET not in repr(answers)
    (record,) = [one for one in caplog.records if one.levelno == logging.WARNING]
    assert record.getMessage().startswith("task_queue is not ready: TransientError: ")
    assert "grace" not in record.getMessage()


def test_one_of_several_is_enough_to_fail(readiness):
    suppliers = {"a": Part(), "b": Part(TransientError("away"))}
    assert ready(readiness(sms=suppliers)()) == {"database": True, "sms": False}


def test_a_part_that_does_not_start_is_not_ready(readiness):
    made = readiness(sms=Part())
    made.container.providers["sms"] = lambda: 1 / 0
    assert ready(made()) == {"database": True, "sms": False}


def test_a_database_that_is_away(readiness):
    def away(**_):
        raise TransientError("no connection")

    assert ready(readiness(work=away)()) == {"database": False}


class TestHurry:
    def test_nobody_waits_for_ever_and_no_questions_pile_up(self, readiness, clock):
        answered = Event()
        slow = Part(waits_for=answered)
        ask = readiness(patience=0.05, sms=slow)

        for _ in range(3):
            clock.sleep(60)
            assert ready(ask())["sms"] is False
        assert slow.asked == 1
        answered.set()
        ask._asked["sms"].answer.result(60)
        assert ready(ask())["sms"] is True

    def test_an_answer_is_good_for_a_second(self, readiness, clock):
        part = Part()
        ask = readiness(sms=part)
        ask()
        ask()
        assert part.asked == 1
        clock.sleep(1.1)
        ask()
        assert part.asked == 2

from datetime import timedelta
from threading import Thread

import pytest

from notify_adapters.storage.sql.recent import LONGEST, Recent
from notify_core.kernel.errors import NotFound
from notify_core.testing.fakes.clock import FakeClock


class Shelf:
    """What there is to be read, and how often it was."""

    def __init__(self, value):
        self.value, self.reads = value, 0

    def read(self):
        self.reads += 1
        return self.value


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def recent(clock):
    return Recent(clock.monotonic, most=3)


@pytest.fixture
def shelf():
    return Shelf("old")


KEY = ("services", 1)


def test_two_seconds_at_most():
    assert timedelta(seconds=2) >= LONGEST


def test_what_was_read_a_moment_ago_is_not_read_again(recent, shelf, clock):
    assert recent.get(KEY, shelf.read) == "old"
    shelf.value = "new"
    clock.advance(LONGEST - timedelta(milliseconds=1))
    assert recent.get(KEY, shelf.read) == "old"
    assert shelf.reads == 1


def test_what_is_too_old_is_read_anew(recent, shelf, clock):
    recent.get(KEY, shelf.read)
    shelf.value = "new"
    clock.advance(LONGEST)
    assert recent.get(KEY, shelf.read) == "new"


def test_looking_at_it_does_not_keep_it_longer(recent, shelf, clock):
    recent.get(KEY, shelf.read)
    shelf.value = "new"
    for _ in range(4):
        clock.advance(LONGEST / 4)
        found = recent.get(KEY, shelf.read)
    assert found == "new"


def test_that_there_is_nothing_is_a_value_like_others(recent):
    shelf = Shelf(None)
    assert recent.get(KEY, shelf.read) is recent.get(KEY, shelf.read) is None
    assert shelf.reads == 1


def test_what_is_not_found_is_looked_for_again(recent, shelf):
    def missing():
        raise NotFound("no service")

    with pytest.raises(NotFound):
        recent.get(KEY, missing)
    assert recent.get(KEY, shelf.read) == "old"


def test_what_this_process_changes_is_seen_at_once(recent, shelf):
    other = Shelf("a template")
    recent.get(KEY, shelf.read)
    recent.get(("templates", 1), other.read)
    shelf.value = "new"
    recent.forget({"services"})
    assert recent.get(KEY, shelf.read) == "new"
    assert recent.get(("templates", 1), other.read) == "a template"
    assert other.reads == 1


def test_what_was_read_before_a_change_is_not_kept_after_it(recent, shelf):
    def read_and_be_overtaken():
        found = shelf.read()
        shelf.value = "new"
        recent.forget({"services"})
        return found

    assert recent.get(KEY, read_and_be_overtaken) == "old"
    assert recent.get(KEY, shelf.read) == "new"


def test_of_too_many_the_oldest_are_dropped(recent):
    shelves = [Shelf(number) for number in range(4)]
    for _ in range(2):
        for number, shelf in reversed(list(enumerate(shelves))):
            recent.get(("services", number), shelf.read)
    assert all(shelf.reads == 2 for shelf in shelves)
    recent.get(("services", 0), shelves[0].read)
    assert shelves[0].reads == 2


def test_threads_may_read_and_change_at_once(recent, shelf):
    def work():
        for number in range(2000):
            recent.get(("services", number % 5), shelf.read)
            recent.forget({"services"} if number % 7 == 0 else ())

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shelf.value = "new"
    recent.forget({"services"})
    assert recent.get(KEY, shelf.read) == "new"

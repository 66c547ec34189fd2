"""A process may be killed after each thing that it does to the world: then it is done again, and ends the same."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from notify_core.letters.model import Bucket
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.answers import LookForAnswers, ProcessReturnedLetters
from notify_core.letters.tasks.watching import CheckAcknowledgements, CheckPendingScans, CheckStillCreated
from notify_core.letters.use_cases.answers import ListSortedCounts
from notify_core.testing.builders import NOON
from notify_core.testing.mortal import Killed, MortalPlatform
from tests.unit.core.letters.answers.conftest import Letters

LONG = timedelta(hours=2)
REFERENCES = [f"LETTER{number:04}" for number in range(25)]


def a_long_file(letters):
    letters.given(*REFERENCES)
    letters.writes(*(f"{one}|{'Sent' if one[-1] != '7' else 'Damaged'}|1|Sorted" for one in REFERENCES))
    return LookForAnswers()


def an_invalid_file(letters):
    letters.given(*REFERENCES)
    letters.writes(*(f"{one}|Sent|1|Sorted" for one in REFERENCES), "LETTER0001|Sent")
    return LookForAnswers()


def answers_that_waited(letters):
    made = letters.given(*REFERENCES, status=LetterStatus.CREATED)
    letters.writes(*(f"{one}|Sent|1|Sorted" for one in REFERENCES))
    letters.do(LookForAnswers())
    for letter in made[:20]:
        letters.becomes(letter, LetterEvent.SENT)
    return LookForAnswers()


def returned_letters(letters):
    letters.given(*REFERENCES)
    return ProcessReturnedLetters(tuple(REFERENCES))


def scans_that_hang(letters):
    letters.given("A", status=LetterStatus.PENDING_VIRUS_CHECK)
    letters.notify.advance(LONG)
    return CheckPendingScans()


def forgotten_ones(letters):
    letters.given("A", status=LetterStatus.CREATED)
    letters.notify.advance(timedelta(days=2))
    return CheckStillCreated()


def zips_unacknowledged(letters):
    letters.notify.advance(timedelta(hours=11))
    letters.notify.letter_store.put(Bucket.PDF, "2026-01-05/zips_sent/A.ZIP.TXT", b"list")
    return CheckAcknowledgements()


STORIES = [
    a_long_file,
    an_invalid_file,
    answers_that_waited,
    returned_letters,
    scans_that_hang,
    forgotten_ones,
    zips_unacknowledged,
]


def told(story, last=None):
    """All that is left of a story, but for the times; ``last`` is the thing after which the process is killed."""
    letters = Letters(MortalPlatform())
    task = story(letters)
    with letters.notify.work() as work:
        work.enqueue(task)
        work.commit()
    letters.notify.steps.done, letters.notify.steps.last = 0, last
    try:
        letters.notify.run_until_idle(LONG)
    except Killed:
        letters.notify.run_until_idle(LONG)
    with letters.notify.work(read_only=True) as work:
        found = work.letters.by_file_references([*REFERENCES, "A"])
        files = [replace(one, read_at=None, found_at=NOON) for one in work.answer_files.newest()]
    end = (
        {one.file_reference: (one.status, one.cost_threshold) for one in found.values()},
        files,
        letters.waiting(),
        letters.notify.use(ListSortedCounts)(date(2026, 1, 1), date(2026, 12, 31)),
        letters.tickets(),
        letters.failed(),
    )
    return end, letters.notify.steps.done


@pytest.mark.parametrize("story", STORIES)
def test_it_ends_the_same_wherever_it_is_killed(story):
    expected, steps = told(story)
    assert steps > 0
    for last in range(steps):
        end, _ = told(story, last)
        assert end == expected, last

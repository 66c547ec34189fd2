"""A process may be killed after each thing that it does to the world: then it is done again, and ends the same."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import KeyType, Permission
from notify_core.kernel.errors import TransientError
from notify_core.letters.use_cases.checking import ReplayScanErrors
from notify_core.testing.fakes.letter_sanitiser import an_upload
from notify_core.testing.fakes.virus_scanner import EICAR
from notify_core.testing.mortal import Killed

FRANCE = ("Marie Curie", "1 rue de la Paix", "75002 Paris", "France")
LONG = timedelta(hours=4)


def passing(checking):
    checking.given(an_upload(pages=3))


def with_a_test_key(checking):
    checking.given(an_upload(), key_type=KeyType.TEST)


def abroad(checking):
    checking.given(an_upload(address=FRANCE))


def with_a_virus(checking):
    checking.given(an_upload() + EICAR)


def too_long(checking):
    checking.given(an_upload(pages=11))


def unreadable(checking):
    checking.given(b"nothing")


def lost(checking):
    checking.given(None)


def never_scanned(checking):
    checking.given(an_upload())
    checking.fail_scanner()


def never_checked(checking):
    checking.given(an_upload())
    checking.sanitiser.fail_with(*[TransientError("no memory left")] * 100)


def replayed(checking):
    checking.given(an_upload())
    checking.fail_scanner(times=16)
    checking.platform.run_until_idle(LONG)
    checking.platform.use(ReplayScanErrors)()
    checking.steps.done = 0


STORIES = [passing, with_a_test_key, abroad, with_a_virus, too_long, unreadable, lost, never_scanned, never_checked]
STORIES.append(replayed)


def told(story, make_checking):
    checking = make_checking({Permission.LETTER, Permission.INTERNATIONAL_LETTERS})
    story(checking)
    return checking


def end_of(checking):
    """All that is left of a story, but for the times."""
    letter = replace(checking.letter, **dict.fromkeys(("id", "service_id", "template_id", "api_key_id")))
    return (
        replace(letter, updated_at=None, completed_at=None),
        {place: (file.content, file.metadata) for place, file in checking.store.files.items()},
        {ticket.subject for ticket in checking.tickets},
        checking.failed,
    )


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_wherever_a_process_is_killed_it_ends_the_same(make_checking, story):
    untroubled = told(story, make_checking)
    untroubled.run(LONG)
    steps = untroubled.steps.done
    assert steps > 1
    for last in range(steps):
        checking = told(story, make_checking)
        checking.steps.last = last
        with pytest.raises(Killed):
            checking.run(LONG)
        # Its claim runs out.
        checking.run(LONG)
        assert end_of(checking) == end_of(untroubled), f"killed before step {last + 1} of {steps}"


def test_an_operator_who_is_interrupted_asks_again(make_checking):
    """The command dies between two letters."""

    def story(checking):
        checking.given(an_upload(), file_reference="A" * 16)
        checking.given(an_upload(), file_reference="B" * 16)
        checking.fail_scanner(times=32)
        checking.platform.run_until_idle(LONG)
        checking.steps.done = 0

    for last in range(3):
        checking = told(story, make_checking)
        checking.steps.last = last
        with pytest.raises(Killed):
            checking.platform.use(ReplayScanErrors)()
        checking.platform.use(ReplayScanErrors)()
        checking.run(LONG)
        assert len(checking.store.files) == 2
        assert all(place.key.startswith("2026-01-05/NOTIFY.") for place in checking.store.files)

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import Conflict, NotAllowed, NotFound
from notify_core.letters.policies import cut_off
from notify_core.letters.policies.cancelling import check_letter_cancellable
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.checking import SanitiseLetter, ScanFile
from notify_core.letters.tasks.rendering import MakeLetterPdf
from notify_core.letters.use_cases.cancelling import CancelLetter, CancelMessage
from notify_core.notifications.states import Status
from notify_core.notifications.tasks import DeliverSms
from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.builders import NOON, a_letter, an_id, claim_row
from tests.unit.core.letters.reading.desk import Reading

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def desk():
    return Reading()


@pytest.fixture
def cancel(desk):
    def call(letter, **how):
        return desk.platform.use(CancelLetter)(desk.service.id, letter.id, **how)

    return call


@pytest.fixture
def posted(desk):
    def make(task=None, **changes):
        letter = desk.posted(**{"created_at": desk.platform.clock.now()} | changes)
        follows = (ScanFile if letter.precompiled else MakeLetterPdf) if task is None else task
        desk.change(lambda work: work.enqueue(follows(letter.id)))
        return letter

    return make


def stored(desk, letter):
    with desk.platform.work(read_only=True) as work:
        return work.letters.get(letter.id)


UPLOADED = {"status": LetterStatus.PENDING_VIRUS_CHECK, "precompiled": True}


@pytest.mark.parametrize("changes", [{}, UPLOADED, {"key_type": KeyType.TEST}])
def test_a_letter_is_cancelled_with_what_is_yet_to_be_done_for_it(desk, posted, cancel, changes):
    letter = posted(**changes)

    view = cancel(letter)

    assert view.letter.status is LetterStatus.CANCELLED
    assert view.letter.completed_at == desk.platform.clock.now()
    assert (view.subject, view.body) == ("For Grace", "Dear Grace")
    assert stored(desk, letter) == view.letter
    assert list(desk.platform.ledger.entries()) == []


def test_whatever_step_of_its_check_is_waiting(desk, posted, cancel):
    letter = posted(lambda letter_id: SanitiseLetter(letter_id, "NOTIFY.A.PDF"), **UPLOADED)
    cancel(letter)
    assert list(desk.platform.ledger.entries()) == []


def test_what_somebody_is_doing_for_it_leads_to_nothing(desk, posted, cancel):
    letter = posted()
    desk.platform.ledger.publish_due(RelayLimits(), "relay")
    (row,) = desk.platform.ledger.entries()
    claim_row(desk.platform.ledger, row.id, "worker", timedelta(minutes=5))

    cancel(letter)

    assert len(list(desk.platform.ledger.entries())) == 1
    desk.platform.run_until_idle(timedelta(minutes=10))
    assert stored(desk, letter).status is LetterStatus.CANCELLED
    assert stored(desk, letter).pdf is None


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (LetterStatus.SENDING, "accepted"),
        (LetterStatus.DELIVERED, "received"),
        *((status, status.value) for status in (LetterStatus.CANCELLED, LetterStatus.VALIDATION_FAILED)),
    ],
)
def test_what_is_past_cancelling(desk, posted, cancel, status, said):
    letter = posted(status=status)
    with pytest.raises(NotAllowed, match=f"Notification cannot be cancelled: it is {said}"):
        cancel(letter)
    assert stored(desk, letter) == letter
    assert len(list(desk.platform.ledger.entries())) == 1


@given(
    created_at=st.datetimes(NOON.replace(tzinfo=None), (NOON + timedelta(days=400)).replace(tzinfo=None)),
    after=st.timedeltas(timedelta(), timedelta(days=3)),
)
def test_until_its_print_run_closes(created_at, after):
    letter = a_letter(created_at=created_at.replace(tzinfo=NOON.tzinfo))
    now = letter.created_at + after
    if now <= cut_off(letter.created_at):
        check_letter_cancellable(letter, now)
    else:
        with pytest.raises(NotAllowed, match="its print run closed at"):
            check_letter_cancellable(letter, now)


@pytest.mark.parametrize("status", [LetterStatus.CREATED, LetterStatus.PENDING_VIRUS_CHECK])
def test_at_the_very_moment(status):
    letter = a_letter(status=status, created_at=NOON)
    check_letter_cancellable(letter, cut_off(NOON))
    with pytest.raises(NotAllowed, match=r"closed at \d{4}-\d\d-\d\dT1[67]:30:00.000000Z"):
        check_letter_cancellable(letter, cut_off(NOON) + MICROSECOND)


def test_what_a_run_begun_by_hand_has_in_a_zip(desk, posted, cancel):
    letter = posted(print_group="NOTIFY.2026-01-05.2.001.aB_-Cd.41a2.ZIP")
    with pytest.raises(NotAllowed, match="it is being printed"):
        cancel(letter)
    assert stored(desk, letter).status is LetterStatus.CREATED


def test_another_services_is_not_there(desk, posted):
    with pytest.raises(NotFound):
        desk.platform.use(CancelLetter)(an_id(), posted().id)


def test_the_answer_is_kept_in_the_same_transaction(desk, posted, cancel):
    def taken(_work, _view):
        raise Conflict("another request has taken it")

    letter, kept = posted(), []
    with pytest.raises(Conflict):
        cancel(letter, keep=taken)
    assert stored(desk, letter) == letter
    view = cancel(letter, keep=lambda work, view: kept.append((work.letters.get(letter.id), view)))
    assert kept == [(view.letter, view)]


def test_what_moves_on_at_the_same_moment_is_looked_at_again(desk, posted, cancel):
    letter, tries = posted(), []

    def first_only(_work, view):
        tries.append(view)
        if len(tries) == 1:
            raise Conflict("it moved on")

    assert cancel(letter, keep=first_only).letter.status is LetterStatus.CANCELLED
    assert len(tries) == 2


def test_who_comes_second_says_what_came_first(desk, posted, cancel):
    letter = posted()
    sent = letter.after(LetterEvent.SENT, NOON)
    desk.change(lambda work: work.letters.change(letter, replace(sent, sent_at=NOON)))
    with pytest.raises(NotAllowed, match="it is accepted"):
        cancel(letter)


def test_a_scheduled_text_is_cancelled_the_same_way(desk, posted):
    cancel = desk.platform.use(CancelMessage)
    text = desk.sent(scheduled_for=desk.platform.clock.now() + timedelta(hours=1))
    desk.change(lambda work: work.enqueue(DeliverSms(text.id)))

    assert cancel(desk.caller, text.id).notification.status is Status.CANCELLED
    assert cancel(desk.caller, posted().id).letter.status is LetterStatus.CANCELLED
    with pytest.raises(NotFound):
        cancel(desk.caller, an_id())

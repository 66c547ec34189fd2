from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import InvalidValue
from notify_core.kernel.ids import JobId
from notify_core.letters.states import FAILED as LETTERS_FAILED
from notify_core.letters.states import LetterStatus
from notify_core.letters.use_cases.reading import LetterView
from notify_core.notifications.model import Channel
from notify_core.notifications.policies import statuses_named
from notify_core.notifications.states import FAILED, Status
from notify_core.testing.builders import NOON, an_id
from tests.unit.core.letters.reading.desk import Reading

SECOND = timedelta(seconds=1)


def of(*channels):
    return frozenset(channels)


def test_newest_first_whatever_their_kind(reading):
    old = reading.sent(created_at=NOON - 2 * SECOND)
    paper = reading.posted(created_at=NOON - SECOND)
    new = reading.sent(channel=Channel.EMAIL, created_at=NOON)

    assert reading.ids() == [new.id, paper.id, old.id]
    assert reading.ids(older_than=new.id) == [paper.id, old.id]
    assert reading.ids(older_than=paper.id) == [old.id]
    assert reading.ids(older_than=old.id) == []
    assert [type(view) is LetterView for view in reading.page().messages] == [False, True, False]


def test_behind_what_the_service_has_not_there_is_nothing(reading):
    reading.sent()
    strangers = Reading().posted()

    assert reading.ids(older_than=strangers.id) == []
    assert reading.page(older_than=strangers.id).next_older_than is None


@given(kinds=st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=12), length=st.integers(1, 5))
def test_pages_cover_everything_once(kinds, length):
    reading = Reading()
    made = [
        (reading.posted if is_letter else reading.sent)(created_at=NOON + second * SECOND)
        for is_letter, second in kinds
    ]
    in_order = [one.id for one in sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)]

    seen, older_than = [], None
    while page := reading.ids(older_than=older_than)[:length]:
        seen += page
        older_than = page[-1]

    assert seen == in_order


@pytest.mark.parametrize("make", ["sent", "posted"])
def test_a_page_has_250(reading, make):
    made = [getattr(reading, make)(created_at=NOON + second * SECOND) for second in range(251)]
    older = reading.sent(created_at=NOON - SECOND), reading.posted(created_at=NOON - 2 * SECOND)

    first = reading.page()
    assert len(first.messages) == 250
    assert first.next_older_than == made[1].id
    assert reading.ids(older_than=made[1].id) == [made[0].id, *(one.id for one in older)]
    assert reading.page(older_than=older[-1].id).next_older_than is None


def test_keys_see_what_keys_of_their_type_sent(reading):
    live = reading.sent(), reading.posted(created_at=NOON - SECOND)
    test = reading.sent(key_type=KeyType.TEST), reading.posted(key_type=KeyType.TEST, created_at=NOON - SECOND)

    assert reading.ids() == [one.id for one in live]
    reading.use_key(KeyType.TEST)
    assert reading.ids() == [one.id for one in test]


def test_filters(reading):
    text = reading.sent(reference="a", created_at=NOON + SECOND)
    mail = reading.sent(channel=Channel.EMAIL, reference="b", status=Status.DELIVERED)
    paper = reading.posted(reference="a", created_at=NOON - SECOND)

    assert reading.ids(channels=of(Channel.EMAIL)) == [mail.id]
    assert reading.ids(channels=of(Channel.LETTER)) == [paper.id]
    assert reading.ids(channels=of(Channel.EMAIL, Channel.LETTER)) == [mail.id, paper.id]
    assert reading.ids(channels=of(Channel.SMS, Channel.EMAIL)) == [text.id, mail.id]
    assert reading.ids(reference="a") == [text.id, paper.id]
    assert reading.ids(reference="a", channels=of(Channel.SMS)) == [text.id]
    assert reading.ids(statuses=("delivered", "sending")) == [mail.id]
    assert reading.ids(statuses=("delivered",), channels=of(Channel.LETTER)) == []


def test_failed_is_every_failure(reading):
    failures = {reading.sent(status=status).id for status in FAILED}
    failures |= {reading.posted(status=status).id for status in LETTERS_FAILED}
    reading.sent(status=Status.DELIVERED)
    reading.posted(status=LetterStatus.CANCELLED)

    assert set(reading.ids(statuses=("failed",))) == failures


def test_words_for_letters_show_letters_only(reading):
    reading.sent()
    created = reading.posted()
    returned = reading.posted(status=LetterStatus.RETURNED, created_at=NOON - SECOND)

    assert reading.ids(statuses=("accepted", "received")) == [created.id, returned.id]
    assert reading.ids(statuses=("returned-letter",)) == [returned.id]


def test_words_for_others_show_no_letters(reading):
    sent = reading.sent(status=Status.SENT)
    reading.posted()

    assert reading.ids(statuses=("sent",)) == [sent.id]


def test_words_that_both_have_show_both(reading):
    text, paper = reading.sent(), reading.posted(created_at=NOON - SECOND)

    assert reading.ids(statuses=("created",)) == [text.id, paper.id]


def test_messages_of_uploads_are_shown_where_they_are_asked_for(reading):
    job = {"job_id": JobId(an_id()), "job_row": 0}
    mine, uploaded = reading.sent(), reading.sent(created_at=NOON - SECOND, **job)
    paper, posted = reading.posted(created_at=NOON - 2 * SECOND), reading.posted(created_at=NOON - 3 * SECOND, **job)

    assert reading.ids() == [mine.id, paper.id]
    assert reading.ids(include_jobs=True) == [mine.id, uploaded.id, paper.id, posted.id]
    assert reading.ids(older_than=uploaded.id) == [paper.id]


def test_an_unknown_status():
    with pytest.raises(InvalidValue, match=r"status lost is not one of \[created, sending, .*failed"):
        statuses_named(["lost"])

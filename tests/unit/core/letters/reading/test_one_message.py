from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import NotFound
from notify_core.letters.model import LetterRate, Postage
from notify_core.letters.policies.costs import cost_of_letter
from notify_core.letters.policies.statuses import letter_statuses_named, shown_status
from notify_core.letters.states import FAILED, LetterStatus
from notify_core.notifications.model import Channel
from notify_core.testing.builders import NOON, a_letter

RATES = [
    LetterRate(NOON, 1, Postage.SECOND, Decimal("0.61")),
    LetterRate(NOON, 2, Postage.SECOND, Decimal("0.68")),
    LetterRate(NOON, 1, Postage.FIRST, Decimal("1.33")),
    LetterRate(NOON + timedelta(days=1), 1, Postage.SECOND, Decimal("0.70")),
]


def test_a_text_as_it_was_sent_without_its_prefix(reading):
    text = reading.sent()
    reading.platform.put(replace(reading.text, version=2, content="Something else"))

    view = reading.get(text)

    assert view.notification == text
    assert (view.body, view.subject) == ("Hello Grace, the river is rising", None)


def test_an_email(reading):
    view = reading.get(reading.sent(channel=Channel.EMAIL))

    assert (view.subject, view.body) == ("For Grace", "# Hello Grace")


def test_a_letter_as_it_was_sent(reading):
    # A Monday, half an hour before noon in London.
    letter = reading.posted(created_at=datetime(2026, 1, 5, 11, 30, tzinfo=UTC), postage=Postage.FIRST, sheets=1)
    reading.platform.put(replace(reading.paper, version=2, content="Something else"))
    reading.change(lambda work: [work.letter_rates.put(replace(one, valid_from=letter.created_at)) for one in RATES])

    view = reading.get(letter)

    assert view.letter == letter
    assert (view.subject, view.body) == ("For Grace", "Dear Grace")
    assert view.cost.pounds == Decimal("1.33")
    assert view.estimated_delivery == datetime(2026, 1, 7, 16, tzinfo=UTC)


@pytest.mark.parametrize("make", ["sent", "posted"])
def test_of_a_key_of_any_type(reading, make):
    one = getattr(reading, make)(key_type=KeyType.TEST)

    assert reading.get(one)


@pytest.mark.parametrize("make", ["sent", "posted"])
def test_another_services_is_not_there(reading, stranger, make):
    one = getattr(reading, make)()

    with pytest.raises(NotFound):
        reading.get(one, stranger)


SHOWN = {
    LetterStatus.CREATED: "accepted",
    LetterStatus.SENDING: "accepted",
    LetterStatus.DELIVERED: "received",
    LetterStatus.RETURNED: "received",
    LetterStatus.PENDING_VIRUS_CHECK: "pending-virus-check",
    LetterStatus.VALIDATION_FAILED: "validation-failed",
    LetterStatus.VIRUS_SCAN_FAILED: "virus-scan-failed",
    LetterStatus.TECHNICAL_FAILURE: "technical-failure",
    LetterStatus.TEMPORARY_FAILURE: "temporary-failure",
    LetterStatus.CANCELLED: "cancelled",
}


@pytest.mark.parametrize("status", LetterStatus)
def test_what_senders_read_of_a_status(status):
    assert shown_status(status) == SHOWN[status]


@pytest.mark.parametrize("word", sorted({*SHOWN.values(), *LetterStatus}))
def test_what_a_listing_means_by_a_word(word):
    shown = {status for status, words in SHOWN.items() if words == word}
    assert letter_statuses_named([word]) == shown | {status for status in LetterStatus if status == word}


def test_words_for_others_mean_no_letters():
    assert letter_statuses_named(["failed"]) == FAILED
    assert letter_statuses_named(["sent", "pending", "permanent-failure"]) == frozenset()
    assert letter_statuses_named(["accepted", "sent"]) == {LetterStatus.CREATED, LetterStatus.SENDING}


@pytest.mark.parametrize(
    ("changes", "pounds"),
    [
        ({"sheets": 1}, "0.61"),
        ({"sheets": 2}, "0.68"),
        ({"sheets": 1, "postage": Postage.FIRST}, "1.33"),
        ({"sheets": 1, "created_at": NOON + timedelta(days=1)}, "0.70"),
        ({"sheets": 1, "created_at": NOON + timedelta(days=1, microseconds=-1)}, "0.61"),
        ({"sheets": 1, "status": LetterStatus.RETURNED}, "0.61"),
    ],
)
def test_a_letter_costs_its_sheets_as_it_travels(changes, pounds):
    assert cost_of_letter(a_letter(**{"created_at": NOON} | changes), RATES).pounds == Decimal(pounds)


@pytest.mark.parametrize(
    "changes",
    [
        {"key_type": KeyType.TEST},
        *({"status": status, "sheets": 1} for status in (*sorted(FAILED), LetterStatus.CANCELLED)),
    ],
)
def test_what_is_not_printed_costs_nothing(changes):
    assert cost_of_letter(a_letter(created_at=NOON, **changes), RATES).pounds == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"sheets": 0},
        {"sheets": 0, "status": LetterStatus.PENDING_VIRUS_CHECK},
        {"sheets": 3},
        {"sheets": 1, "postage": Postage.EUROPE},
        {"sheets": 1, "created_at": NOON - timedelta(microseconds=1)},
    ],
)
def test_what_nobody_knows_yet_has_no_cost(changes):
    assert cost_of_letter(a_letter(**{"created_at": NOON} | changes), RATES) is None

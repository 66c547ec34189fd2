from datetime import timedelta

import pytest

from notify_core.documents.model import DocumentPlace
from notify_core.documents.policies import new_key
from notify_core.documents.ports import DocumentNotFound
from notify_core.documents.use_cases import (
    ConfirmRecipient,
    DocumentExpired,
    DownloadDocument,
    NotTheRecipient,
    ShowDocument,
)
from notify_core.kernel.errors import InvalidValue, RateLimited
from notify_core.testing.builders import NOON, an_id

WEEK = timedelta(weeks=1)


@pytest.fixture
def show(files):
    return ShowDocument(files.work, files.clock)


@pytest.fixture
def confirm(files):
    return ConfirmRecipient(files.work, files.clock, files.rate_limiter, files.secrets)


@pytest.fixture
def download(files):
    return DownloadDocument(files.work, files.clock, files.store, files.secrets)


def test_what_somebody_with_the_link_may_know(files, show):
    document, key = files.given(expires_at=NOON + WEEK)
    view = show(document.place, key)

    assert (view.service_name, view.contact_link) == ("Floods", "https://floods.example/contact")
    assert (view.type.words, view.size, view.expires_at) == ("PDF", document.size, NOON + WEEK)
    assert (view.filename, view.asks) == ("letter.pdf", True)
    document, key = files.given(recipient=None)
    assert not show(document.place, key).asks


def test_its_recipient_gets_it(files, confirm, download):
    document, key = files.given(b"%PDF- for Grace")
    shown = confirm(document.place, key, " Grace@Example.GOV.UK ")
    found = download(document.place, key, shown)

    assert (found.content, found.mime, found.filename) == (b"%PDF- for Grace", "application/pdf", "letter.pdf")
    assert b"Grace" not in repr(found).encode()


def test_nobody_else_does(files, confirm, download):
    document, key = files.given()
    other, other_key = files.given(recipient="ada@example.gov.uk")

    with pytest.raises(NotTheRecipient):
        confirm(document.place, key, "ada@example.gov.uk")
    with pytest.raises(InvalidValue, match="Not a valid email address"):
        confirm(document.place, key, "grace")
    anothers = confirm(other.place, other_key, "ada@example.gov.uk")
    for shown in ("", anothers):
        with pytest.raises(NotTheRecipient):
            download(document.place, key, shown)
    assert "get" not in files.store.calls


def test_where_the_link_is_enough_nobody_is_asked(files, confirm, download):
    document, key = files.given(recipient=None, filename=None, mime="text/csv")
    found = download(document.place, key, "")

    assert found.filename == f"{document.id}.csv"
    with pytest.raises(NotTheRecipient):
        confirm(document.place, key, "grace@example.gov.uk")


def test_a_pass_lasts_an_hour(files, confirm, download):
    document, key = files.given()
    shown = confirm(document.place, key, "grace@example.gov.uk")
    files.advance(timedelta(minutes=61))
    with pytest.raises(NotTheRecipient):
        download(document.place, key, shown)


def test_addresses_are_not_tried_out(files, confirm):
    document, key = files.given()
    other, other_key = files.given()
    for number in range(10):
        with pytest.raises(NotTheRecipient):
            confirm(document.place, key, f"grace{number}@example.gov.uk")
    with pytest.raises(RateLimited) as refused:
        confirm(document.place, key, "grace@example.gov.uk")

    assert refused.value.retry_after == timedelta(minutes=10)
    assert confirm(other.place, other_key, "grace@example.gov.uk")
    files.advance(timedelta(minutes=10))
    assert confirm(document.place, key, "grace@example.gov.uk")


def test_without_the_key_there_is_nothing(files, show, confirm, download):
    document, key = files.given()
    waiting, waiting_key = files.given(notification_id=None)
    elsewhere = DocumentPlace(an_id(), document.id)
    for place, given in (
        (document.place, new_key(files.random)),
        (document.place, ""),
        (elsewhere, key),
        (waiting.place, waiting_key),
    ):
        for ask in (
            lambda: show(place, given),  # noqa: B023 - called before the next
            lambda: confirm(place, given, "grace@example.gov.uk"),  # noqa: B023
            lambda: download(place, given, ""),  # noqa: B023
        ):
            with pytest.raises(DocumentNotFound):
                ask()


def test_when_its_time_is_over_nobody_gets_it(files, show, confirm, download):
    document, key = files.given(expires_at=NOON + WEEK)
    files.advance(WEEK - timedelta(seconds=1))
    shown = confirm(document.place, key, "grace@example.gov.uk")
    files.advance(timedelta(seconds=1))
    for ask in (
        lambda: show(document.place, key),
        lambda: confirm(document.place, key, "grace@example.gov.uk"),
        lambda: download(document.place, key, shown),
    ):
        with pytest.raises(DocumentExpired):
            ask()
    with pytest.raises(DocumentNotFound):
        show(document.place, new_key(files.random))

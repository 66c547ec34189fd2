from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.registry.redact import LONGEST_TEXT, RedactedError, loggable, reason_of, redact


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("sent to grace.hopper+x@example.gov.uk today", "sent to <address> today"),
        ("sent to 'grace@example.gov.uk'", "sent to '<address>'"),
        ("to +44 (0)7700 900-123 now", "to <number> now"),
        ("07700900123", "<number>"),
        ("HTTP 503 after 5000 ms", "HTTP 503 after 5000 ms"),
        ("two\nlines", "two lines"),
        ("a\0b\x1b[31m half \ud83d\u202e", "ab[31m half"),
        ("to 07700\0900123 and grace\u200b@example.gov.uk", "to <number> and <address>"),
    ],
)
def test_what_may_be_somebodys_is_left_out(text, harmless):
    assert redact(text) == harmless


def test_ids_stay_readable():
    text = f"no notification {uuid4()}"
    assert redact(text) == text


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_becomes_one_short_line_that_can_be_kept(text):
    harmless = redact(text)
    assert len(harmless) <= LONGEST_TEXT
    assert harmless.isprintable()
    assert redact(harmless) == harmless


@given(st.from_regex(r"\+447[0-9]{9}", fullmatch=True), st.text("abc :,"))
def test_no_number_gets_through(number, around):
    assert number not in redact(f"{around}{number}{around}")


def test_a_long_text_is_shortened():
    assert redact("word " * 100).endswith("…")


def test_a_reason_has_the_type_of_the_error():
    assert reason_of(KeyError("07700 900123")) == "KeyError: '<number>'"
    assert reason_of(TimeoutError()) == "TimeoutError"


def test_what_is_logged_keeps_the_place_and_drops_the_causes():
    with pytest.raises(ValueError, match="grace") as caught:
        raise ValueError("grace@example.gov.uk") from KeyError("07700 900123")
    kind, redacted, trace = loggable(caught.value)
    assert (kind, str(redacted)) == (RedactedError, "ValueError: <address>")
    assert redacted.__cause__ is redacted.__context__ is None
    assert trace is caught.value.__traceback__

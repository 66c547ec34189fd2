import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.jobs.policies.decoding import decode

TEXT = "phone number;name\r\n07700900123;Siân Ŵyn £5 “ŷ”\r\n"
LATIN = "phone number;name\r\n07700900123;Siân £5 “quoted” é\r\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
    ],
)
def test_a_file_has_its_text_whatever_it_was_written_in(content):
    assert decode(content) == TEXT


def test_what_is_no_unicode_is_windows_1252():
    assert decode(LATIN.encode("cp1252")) == LATIN


def test_zeros_are_dropped_and_what_nothing_can_be_made_of_is_replaced():
    assert decode(b"a\x00b") == "ab"
    assert decode(b"\x81\xe9") == "\ufffdé"
    assert decode(b"") == ""
    assert decode(b"a") == "a"
    assert decode(codecs.BOM_UTF16_LE + b"a\x00b") == "a\ufffd"


@given(st.binary())
def test_every_file_has_a_text_that_can_be_kept(content):
    text = decode(content)
    text.encode()
    assert "\x00" not in text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1))
def test_what_was_written_is_read(text):
    assert decode(codecs.BOM_UTF8 + text.encode()) == text
    assert decode(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == text

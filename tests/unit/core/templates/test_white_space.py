import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.templates.model.white_space import one_line, tidy, tidy_lines

texts = st.text() | st.text(" \n\t.,!a\u00a0")


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  ends  \n", "ends"),
        ("Dear Ada ,\nhow are you ?", "Dear Ada,\nhow are you?"),
        ("one\n\n\n\n\ntwo\n \n\t\n\nthree", "one\n\ntwo\n\nthree"),
        ("line end  \nnext", "line end\nnext"),
        ("* item", "* item"),
        ("a  b", "a  b"),
        ("wait … what ...", "wait… what..."),
        ("  kept\n  kept", "kept\n  kept"),
    ],
)
def test_white_space_nobody_meant_goes(text, tidied):
    assert tidy(text) == tidied


def test_text_messages_lose_indentation_and_runs_of_blanks_too():
    assert tidy_lines("a \t b\n   c\u00a0 d .\n\n\n e") == "a b\nc d.\n\ne"


def test_a_subject_is_one_line():
    assert one_line(" a\n\nb \t c ,\nd") == "a b c, d"


@given(texts)
@pytest.mark.parametrize("tidying", [tidy, tidy_lines, one_line])
def test_tidying_twice_changes_nothing_more(tidying, text):
    once = tidying(text)
    assert tidying(once) == once
    assert once == once.strip()
    assert "\n\n\n" not in once
    assert not re.search(r"\S[^\S\n]+[,.;:!?…]", once)


@pytest.mark.parametrize("unit", [" ", "\n", " \n", " a", " ."])
def test_much_white_space_takes_no_time(unit):
    begin = time.monotonic()
    tidy_lines("a" + unit * 100_000 + "b")
    tidy("a" + unit * 100_000 + "b")
    assert time.monotonic() - begin < 10

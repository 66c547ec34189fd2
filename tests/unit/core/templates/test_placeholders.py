import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.templates.model import Personalisation, prepare
from notify_core.templates.model.values import as_text, clean, placeholder_key


def filled(text, **values):
    return prepare(text).fill(Personalisation.parse(values), as_text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Dear ((name)),", ("name",)),
        ("((First Name)) ((b)) ((first_name)) ((FIRST-NAME))", ("First Name", "b")),
        ("((late??you are late)) ((name))", ("late", "name")),
        ("(see ((link)))", ("link",)),
        ("(((name)))", ("name",)),
        ("((are you ok?))", ("are you ok?",)),
        ("((a)) ((b))((c))", ("a", "b", "c")),
        ("((show??see (the map) now))", ("show",)),
        ("((outer ((inner)) ))", ("inner",)),
        ("no ( placeholders ) (here) ((", ()),
        ("(())", ()),
        ("((  _-))", ()),
        ("(( name ))", ("name",)),
        ("((line\nbreak))", ("line\nbreak",)),
        ("((???))", ()),
    ],
)
def test_placeholders_are_found_in_the_order_of_the_text_each_once(text, names):
    assert prepare(text).names == names


def test_spelling_does_not_matter():
    assert filled("((First Name)), ((FIRST_NAME)), ((first-name))", firstNAME="Ada") == "Ada, Ada, Ada"


@pytest.mark.parametrize("value", [True, "yes", "Y", "true", "T", 1, "1", "include", "Show", " yes "])
def test_conditional_text_shows_when_the_value_is_true_like(value):
    assert filled("Bring ((wet??an umbrella (black)))", wet=value) == "Bring an umbrella (black)"


@pytest.mark.parametrize("value", [False, "no", "", 0, "0", 1.5, "perhaps", ["yes"], []])
def test_conditional_text_is_hidden_otherwise(value):
    assert filled("Bring ((wet??an umbrella))", wet=value) == "Bring "


def test_a_missing_value_is_empty():
    assert filled("a((b))c((d??e))") == "ac"


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again():
    assert filled("((a)) ((b))", a="((b))", b="B") == "((b)) B"


names = st.text(min_size=1).filter(
    lambda name: placeholder_key(name) and name == clean(name) and not set("()?") & set(name)
)


@given(st.lists(names, max_size=5), st.text(st.characters(exclude_characters="()")))
def test_what_is_found_is_what_is_needed(wanted, between):
    text = prepare(between.join(f"(({name}))" for name in wanted))
    values = dict.fromkeys(text.names, "☃")
    assert {placeholder_key(name) for name in text.names} <= {placeholder_key(name) for name in wanted}
    assert text.fill(Personalisation.parse(values), as_text).count("\u2603") >= len(text.names)


@given(st.text() | st.text("()?a \n"))
def test_any_text_can_be_prepared_and_filled(text):
    prepared = prepare(text)
    whole = prepared.fill(Personalisation.parse(dict.fromkeys(prepared.names, "")), as_text)
    assert not re.search(r"\(\([a]+\)\)", whole) or "((" in text


@pytest.mark.parametrize("unit", ["((a??", "((", "((a??b(c)", "((?", "((a", "(a(", "((a??(x) "])
def test_unclosed_brackets_take_no_time(unit):
    begin = time.monotonic()
    prepare(unit * 20_000)
    assert time.monotonic() - begin < 10

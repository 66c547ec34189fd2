import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.gsm7 import GSM, WELSH_NON_GSM, gsm_length
from notify_core.templates.model import Personalisation, prepare, render_broadcast, render_sms

scalars = st.text() | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)


def sms(text, prefix=None, **values):
    return render_sms(prepare(text), Personalisation.parse(values), prefix=prefix)


def test_values_are_filled_in():
    message = sms("Hi ((name)), bring ((things)). Late: ((late))", name="Ada", things=["a", "b", "c"], late=False)
    assert message.body == "Hi Ada, bring a, b and c. Late: no"
    assert message.content == message.body
    assert message.fragments == 1


def test_the_service_name_stands_before_what_is_sent_only():
    message = sms("Hello", prefix=" Flood “warnings”\n")
    assert message.body == "Hello"
    assert message.content == 'Flood "warnings": Hello'


def test_the_service_name_counts_in_fragments():
    assert sms("a" * 158).fragments == 1
    assert sms("a" * 158, prefix="F").fragments == 2


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("  “It’s” – wait…  ", '"It\'s" - wait...'),  # noqa: RUF001 - what is to be replaced
        ("a , b .\n\n\n\nc", "a, b.\n\nc"),
        ("Llŷn 😀", "Llŷn ?"),
        ("a \u200b b \u200b", "a b"),
        ("a\r\nb", "a\nb"),
    ],
)
def test_letters_and_white_space_are_made_plain(text, body):
    assert sms(text).body == body
    assert render_broadcast(prepare(text), Personalisation({})) == body


def test_welsh_letters_are_kept_and_make_more_fragments():
    assert sms("a" * 100).fragments == 1
    assert sms("ŵ" + "a" * 99).fragments == 2


@given(st.text(), scalars | st.lists(scalars), st.none() | st.text())
def test_any_text_and_value_make_a_message_that_can_be_sent(text, value, prefix):
    message = sms(f"{text}((value)){text}((value??x))", prefix=prefix, value=value)
    assert set(message.content) <= GSM | WELSH_NON_GSM
    assert message.body == message.body.strip()
    assert message.content.endswith(message.body)
    assert message.fragments >= 1
    if set(message.content) <= GSM:
        assert message.fragments == max(1, -(-gsm_length(message.content) // 153)) or gsm_length(message.content) <= 160
    assert render_broadcast(prepare(message.body.replace("((", "")), Personalisation({})) is not None

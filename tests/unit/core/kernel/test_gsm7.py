import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.gsm7 import (
    GSM,
    GSM_BASIC,
    GSM_EXTENSION,
    WELSH_NON_GSM,
    downgrade,
    fragments,
    gsm_length,
    has_welsh_non_gsm,
    normalise_broadcast_text,
)

# The tables of 3GPP TS 23.038 by position, written down here a second time: the encoder below is the
# independent witness for lengths.
SEPTETS = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = {0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}
ENCODING = {character: bytes([position]) for position, character in enumerate(SEPTETS)} | {
    character: bytes([0x1B, position]) for position, character in ESCAPED.items()
}
gsm_texts = st.text(st.sampled_from(sorted(GSM)))
sendable = GSM | WELSH_NON_GSM


def encoded(text):
    return b"".join(ENCODING[character] for character in text)


def test_the_alphabet_has_127_letters_and_nine_more_behind_the_escape():
    assert len(SEPTETS) == 128
    assert set(SEPTETS) - {"\x1b"} == GSM_BASIC
    assert set(ESCAPED.values()) == GSM_EXTENSION


def test_welsh_letters_are_those_with_accents_that_the_alphabet_lacks():
    assert set("âêîôûŵŷÂÊÎÔÛŴŶáíóúẃýëïẅÿẁỳẀỲẂẄŸ") <= WELSH_NON_GSM
    assert WELSH_NON_GSM.isdisjoint(GSM)
    assert WELSH_NON_GSM.isdisjoint("çşłéàäöü")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("‘single’ “double”", "'single' \"double\""),  # noqa: RUF001 - what is to be replaced
        ("en – em — minus −", "en - em - minus -"),  # noqa: RUF001 - what is to be replaced
        ("wait…", "wait..."),
        ("ﬁne œuvre", "fine oeuvre"),
        ("zero\u200bwidth\ufeff\u00ad", "zerowidth"),
        ("tab\tno-break\u00a0thin\u2009", "tab no-break thin "),
        ("Łódź, çava, ½, ²", "Lodz, cava, 1/2, 2"),
        ("e\u0301 is é", "é is é"),
        ("\u0301alone", "alone"),
        ("😀 你 ≥ \x00 \ud800", "? ? ? ? ?"),
        ("line\u2028line", "line\nline"),
        ("ŵ", "w"),
        ("≱", "?"),
    ],
)
def test_characters_outside_the_alphabet_become_what_they_look_like(text, plain):
    assert downgrade(text) == plain


def test_kept_characters_stay():
    assert downgrade("dŵr → water ŵ", keep=WELSH_NON_GSM) == "dŵr ? water ŵ"


@given(st.text())
def test_what_is_downgraded_can_be_sent_and_stays_as_it_is(text):
    once = downgrade(text)
    assert set(once) <= GSM
    assert downgrade(once) == once
    welsh = downgrade(text, keep=WELSH_NON_GSM)
    assert set(welsh) <= sendable
    assert downgrade(welsh, keep=WELSH_NON_GSM) == welsh


@given(gsm_texts)
def test_the_length_is_that_of_the_encoded_text(text):
    assert gsm_length(text) == len(encoded(text))


@given(gsm_texts)
def test_fragments_of_gsm_texts_hold_160_septets_or_153_each(text):
    septets = len(encoded(text))
    number = fragments(text)
    assert number == 1 if septets <= 160 else 153 * (number - 1) < septets <= 153 * number


@given(st.text(st.sampled_from(sorted(sendable)), min_size=1), st.sampled_from(sorted(WELSH_NON_GSM)))
def test_fragments_of_welsh_texts_hold_70_characters_or_67_each(text, letter):
    units = len((text + letter).encode("utf-16-be")) // 2
    number = fragments(text + letter)
    assert number == 1 if units <= 70 else 67 * (number - 1) < units <= 67 * number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 918, 6),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ŵ" * 70, 1),
        ("ŵ" * 71, 2),
        ("ŵ" + "€" * 69, 1),
        ("ŵ" * 135, 3),
    ],
)
def test_fragments_at_the_edges(text, number):
    assert fragments(text) == number


def test_welsh_letters_are_noticed():
    assert has_welsh_non_gsm("Dŵr")
    assert not has_welsh_non_gsm("Café à la crème? 😀")


@given(st.text())
def test_the_text_of_a_broadcast_is_normalised_once(text):
    normal = normalise_broadcast_text(text)
    assert set(normal) <= sendable - {"\r"}
    assert normal == normal.strip()
    assert normalise_broadcast_text(normal) == normal


def test_the_text_of_a_broadcast():
    assert normalise_broadcast_text("\u200b \tFlood\u200b\twarning\r\nLlifogydd ŷ 😀\r \u200b") == (
        "Flood warning\nLlifogydd ŷ ?"
    )

import sys
from contextlib import suppress

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.recipients.model import PhoneNumber

national_mobiles = st.one_of(
    st.from_regex(r"7[1-57-9][0-9]{8}", fullmatch=True), st.from_regex(r"7624[0-9]{6}", fullmatch=True)
)
separators = st.sampled_from(["", " ", "-", "\u00a0", "\u200b", " - ", "\u2013", "\t"])


@pytest.mark.parametrize(
    "text",
    [
        "7123456789",
        "07123456789",
        "07123 456789",
        "07123-456789",
        "00447123456789",
        "00 44 7123456789",
        "+447123456789",
        "+44 7123 456 789",
        "+44 (0)7123 456 789",
        "447123456789",
        "(07123) 456 789",
        "\u200b\t\t+44 (0)7123 \ufeff 456 789 \r\n",
        "+07123456789",
        "+00447123456789",
    ],
)
def test_uk_mobiles_in_any_usual_spelling(text):
    number = PhoneNumber.parse(text)
    assert str(number) == number.e164 == "+447123456789"
    assert number.country == "GB"
    assert not number.international


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Not enough digits"),
        ("+", "Not enough digits"),
        ("0", "Not enough digits"),
        ("00", "Not enough digits"),
        ("0712345678", "Not enough digits"),
        ("0044712345678", "Not enough digits"),
        ("+44 (0)7123 456 78", "Not enough digits"),
        ("1234567", "Not enough digits"),
        ("+33 6 12", "Not enough digits"),
        ("+1 555 0123", "Not enough digits"),
        ("07123456789 1", "Too many digits"),
        ("+44 (0)7123 456 789 10", "Too many digits"),
        ("712345678910", "Too many digits"),
        ("+33 6 12 34 56 78 90", "Too many digits"),
        ("1234567890123456", "Too many digits"),
        (f"+44{' ' * 100}7700900123", "Too many digits"),
        (f"{'0' * 100}7700900123", "Too many digits"),
        (f"07700900123{'x' * 100}", "Must not contain letters or symbols"),
        ("07890x32109", "Must not contain letters or symbols"),
        ("07123 456789...", "Must not contain letters or symbols"),
        ("07123 ☟☜⬇⬆☞☝", "Must not contain letters or symbols"),
        ('07";DROP TABLE;"', "Must not contain letters or symbols"),
        ("+44 07ab cde fgh", "Must not contain letters or symbols"),
        ("ALPHANUM3R1C", "Must not contain letters or symbols"),
        ("0712345+6789", "Must not contain letters or symbols"),
        ("٠٧١٢٣٤٥٦٧٨٩", "Must not contain letters or symbols"),
        ("08081 570364", "Not a UK mobile number"),
        ("+44 117 496 0860", "Not a UK mobile number"),
        ("020 7946 0991", "Not a UK mobile number"),
        ("07012 345678", "Not a UK mobile number"),
        ("07612 345678", "Not a UK mobile number"),
        ("+21 4321 0987", "Not a valid country prefix"),
        ("00997 1234 7890", "Not a valid country prefix"),
        ("801234-7890", "Not a valid country prefix"),
        ("(8-0)-1234-7890", "Not a valid country prefix"),
    ],
)
def test_what_is_no_mobile_number_is_refused_in_the_published_words(text, reason):
    with pytest.raises(InvalidValue) as refusal:
        PhoneNumber.parse(text)
    assert str(refusal.value) == reason


@pytest.mark.parametrize(
    ("text", "e164", "country"),
    [
        ("+33 6 12 34 56 78", "+33612345678", "FR"),
        ("0033612345678", "+33612345678", "FR"),
        ("33612345678", "+33612345678", "FR"),
        ("+1 202-555-0123", "+12025550123", "US"),
        ("+1 242 555 1234", "+12425551234", "BS"),
        ("+7 912 345 67 89", "+79123456789", "RU"),
        ("79123456789", "+79123456789", "RU"),
        ("+1 100 000 0000", "+11000000000", "US"),
        ("+800 1234 5678", "+80012345678", "001"),
        ("+43 0664 1234567", "+436641234567", "AT"),
        ("+43 00 664 1234567", "+436641234567", "AT"),
    ],
)
def test_numbers_abroad(text, e164, country):
    number = PhoneNumber.parse(text)
    assert (number.e164, number.country) == (e164, country)
    assert number.international


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("07781 123456", "GG"),
        ("07839 123456", "GG"),
        ("07911 123456", "GG"),
        ("07524 123456", "IM"),
        ("07624 123456", "IM"),
        ("07924 123456", "IM"),
        ("07509 123456", "JE"),
        ("07700 312345", "JE"),
        ("07797 123456", "JE"),
        ("07829 123456", "JE"),
        ("07937 123456", "JE"),
    ],
)
def test_crown_dependencies_are_neither_great_britain_nor_abroad(text, country):
    number = PhoneNumber.parse(text)
    assert number.country == country
    assert not number.international
    assert phonenumbers.is_valid_number_for_region(phonenumbers.parse(number.e164, None), country)


def test_numbers_for_drama_are_british():
    assert PhoneNumber.parse("07700 900123").country == "GB"


def test_zeros_that_are_dialled_at_home_make_no_number_long_enough():
    with pytest.raises(InvalidValue, match="Not enough digits"):
        PhoneNumber.parse("430000000")


@given(national_mobiles, st.sampled_from(["0", "+44", "0044", "44", "+44(0)", ""]), st.lists(separators, max_size=14))
def test_the_spelling_makes_no_difference(national, prefix, gaps):
    written = prefix + "".join(gap + digit for gap, digit in zip([*gaps, *[""] * 14], national, strict=False))
    assert PhoneNumber.parse(written).e164 == f"+44{national}"


@given(st.text() | st.text("0123456789+-() ") | st.from_regex(r"\+[1-9][0-9]{6,15}", fullmatch=True))
def test_any_text_is_a_number_or_refused(text):
    with suppress(InvalidValue):
        number = PhoneNumber.parse(text)
        assert PhoneNumber.parse(number.e164) == number


def test_without_the_library_for_numbers_abroad_there_are_uk_numbers_only(monkeypatch):
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    assert PhoneNumber.parse("07123456789").e164 == "+447123456789"
    with pytest.raises(NotAllowed, match="Cannot send to international mobile numbers"):
        PhoneNumber.parse("+33612345678")

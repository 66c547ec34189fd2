from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.errors import InvalidValue
from notify_core.recipients.model import EmailAddress


@pytest.mark.parametrize(
    "text",
    [
        "email@domain.com",
        "firstname.lastname@domain.com",
        "firstname.o'lastname@domain.com",
        "email@subdomain.domain.com",
        "firstname+lastname@domain.com",
        "1234567890@domain.com",
        "email@domain-one.com",
        "_______@domain.com",
        "email@domain.name",
        "email@domain.superlongtld",
        "email@domain.co.jp",
        "firstname-lastname@domain.com",
        "email@double--hyphen.com",
        "!#$%&'*+/=?^_`{|}~-@domain.com",
        "email@xn--vermgensberatung-pwb.example",
        f"{'a' * 64}@domain.com",
    ],
)
def test_odd_but_valid_addresses_are_accepted(text):
    assert str(EmailAddress.parse(text)) == EmailAddress.parse(text).address == text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("  Email@DOMAIN.Com\r\n", "email@domain.com"),
        ("\u200bemail@domain.com\ufeff", "email@domain.com"),
        ("info@german-financial-services.vermögensberatung", "info@german-financial-services.xn--vermgensberatung-pwb"),
        ("japanese-info@例え.テスト", "japanese-info@xn--r8jz45g.xn--zckzah"),
        ("info@EXAMPLE。com", "info@example.com"),
    ],
)
def test_spellings_of_one_address_become_one(text, address):
    assert EmailAddress.parse(text).address == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "email@123.123.123.123",
        "email@[123.123.123.123]",
        "plainaddress",
        "@no-local-part.com",
        "no-domain@",
        "Outlook Contact <outlook-contact@domain.com>",
        "no-at.domain.com",
        "no-tld@domain",
        ";beginning-semicolon@domain.co.uk",
        "middle-semicolon@domain.co;uk",
        "trailing-semicolon@domain.com;",
        '"email+leading-quotes@domain.com',
        'email+middle"-quotes@domain.com',
        '"quoted-local-part"@domain.com',
        "lots-of-dots@domain..gov..uk",
        "two-dots..in-local@domain.com",
        ".dot-first@domain.com",
        "dot-last.@domain.com",
        "multiple@domains@domain.com",
        "spaces in local@domain.com",
        "spaces-in-domain@dom ain.com",
        "underscores-in-domain@dom_ain.com",
        "pipe-in-domain@example.com|gov.uk",
        "comma,in-local@gov.uk",
        "comma-in-domain@domain,gov.uk",
        "pound-sign-in-local£@domain.com",
        "local-with-’-apostrophe@domain.com",  # noqa: RUF001 - what people type
        "domain-starts-with-a-dot@.domain.com",
        "domain-ends-with-a-dot@domain.com.",
        "brackets(in)local@domain.com",
        f"local-part-too-long-{'a' * 64}@domain.com",
        f"email-too-long@{'a' * 320}.com",
        f"host-too-long@{'a.' * 126}com",
        f"label-too-long@{'a' * 64}.com",
        "incorrect-punycode@xn---something.com",
        "half-a-pair@\ud800.com",
        f"much-that-nobody-sees{chr(0x200B) * 1000}@domain.com",
    ],
)
def test_what_mail_cannot_be_sent_to_is_refused(text):
    with pytest.raises(InvalidValue, match=r"^Not a valid email address$"):
        EmailAddress.parse(text)


@given(st.emails())
def test_what_a_standard_address_becomes_stays_the_same(text):
    with suppress(InvalidValue):  # quoted local parts and numbers for domains
        address = EmailAddress.parse(text)
        assert EmailAddress.parse(address.address) == address
        assert EmailAddress.parse(text.upper()) == address


@given(st.text() | st.text("aAé@.-_ <>\"'"))
def test_any_text_is_an_address_or_refused(text):
    with suppress(InvalidValue):
        address = EmailAddress.parse(text).address
        assert address.isascii()
        assert address == address.lower()
        assert not set(address) & set(' <>"\r\n,;:')

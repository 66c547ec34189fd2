from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.errors import InvalidValue
from notify_core.recipients.model import PostalAddress, Zone
from notify_core.recipients.model.countries import _BY_KEY, country_named
from notify_core.recipients.model.postal_address import normalised_postcode

TOO_FEW = "Address must be at least 3 lines"
TOO_MANY = "Address must be no more than 7 lines"
NOBODY = "The first 2 lines of the address must both include at least one alphanumeric character"
BFPO = "The last line of a BFPO address must not be a country."
ABROAD = "Last line of address must be a real UK postcode or another country"
AT_HOME = "Must be a real UK postcode"
START = "Address lines must not start with any of the following characters: @ ( ) = [ ] ” \\ / , < >"


def address(text, *, abroad=True):
    return PostalAddress.parse(text.split("|"), abroad=abroad)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Siân Ŵyn|1 Example Street|SW1A 1AA", "Siân Ŵyn|1 Example Street|SW1A 1AA"),
        ("A|B|C|D|E|F|SW1A1AA", "A|B|C|D|E|F|SW1A 1AA"),
        ("  Ada   Lovelace ,,|| 1 , Example Street , |\t|sw1a\u00a01aa,", "Ada Lovelace|1, Example Street|SW1A 1AA"),
        ("Ada\n1 Street\r\nTown\nn1 1aa", "Ada|1 Street|Town|N1 1AA"),
        ("\u200bAda|1 Street|\ufeffN1 1AA", "Ada|1 Street|N1 1AA"),
        ("Ada|1 Street|N1 1AA|United Kingdom", "Ada|1 Street|N1 1AA"),
        ("Ada|1 Street|CF10 3NQ|Cymru", "Ada|1 Street|CF10 3NQ"),
        ("Ada|1 Street|St Helier|JE2 3AB|Jersey", "Ada|1 Street|St Helier|JE2 3AB"),
        ("Girobank|Bootle|gir0aa", "Girobank|Bootle|GIR 0AA"),
        ("Ada|c/o Grace|BFPO 5", "Ada|c/o Grace|BFPO 5"),
        ("Ada|Regiment|bfpo1234", "Ada|Regiment|BFPO 1234"),
        ("Ada|Regiment|bfpo c/o 12", "Ada|Regiment|BFPO C/O 12"),
        ("Ada|Regiment|BFPO 5|BF1 3AA", "Ada|Regiment|BFPO 5|BF1 3AA"),
        ("Ada|1 Street|O'Neill's End|- 5|N1 1AA", "Ada|1 Street|O'Neill's End|- 5|N1 1AA"),
    ],
)
def test_addresses_at_home(text, lines):
    for abroad in (True, False):
        found = address(text, abroad=abroad)
        assert found.lines == tuple(lines.split("|"))
        assert str(found) == lines.replace("|", "\n")
        assert found.postcode == found.lines[-1]
        assert (found.country, found.zone, found.international) == (None, Zone.UK, False)


@pytest.mark.parametrize(
    ("last", "country", "zone"),
    [
        ("Germany", "Germany", Zone.EUROPE),
        ("DEUTSCHLAND.", "Germany", Zone.EUROPE),
        ("Yr Almaen", "Germany", Zone.EUROPE),
        ("the netherlands", "Netherlands", Zone.EUROPE),
        ("Österreich", "Austria", Zone.EUROPE),
        ("Republic of Ireland", "Ireland", Zone.EUROPE),
        ("Danmark,", "Denmark", Zone.EUROPE),
        ("Føroyar", "Faroe Islands", Zone.EUROPE),
        ("U.S.A.", "United States", Zone.REST_OF_WORLD),
        ("United  States of America", "United States", Zone.REST_OF_WORLD),
        ("Cote d'Ivoire", "Ivory Coast", Zone.REST_OF_WORLD),
        ("Trinidad & Tobago", "Trinidad and Tobago", Zone.REST_OF_WORLD),
        ("guinea bissau", "Guinea-Bissau", Zone.REST_OF_WORLD),
        ("The Gambia", "Gambia", Zone.REST_OF_WORLD),
        ("St. Lucia", "St Lucia", Zone.REST_OF_WORLD),
    ],
)
def test_addresses_abroad(last, country, zone):
    found = address(f"Ada|1 Strasse|{last}")
    assert found.lines == ("Ada", "1 Strasse", country)
    assert (found.postcode, found.country, found.zone, found.international) == (None, country, zone, True)
    with pytest.raises(InvalidValue) as refused:
        address(f"Ada|1 Strasse|{last}", abroad=False)
    assert str(refused.value) == AT_HOME


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", TOO_FEW),
        ("Ada|SW1A 1AA", TOO_FEW),
        ("Ada|,|  |SW1A 1AA", TOO_FEW),
        ("Ada|N1 1AA|England", TOO_FEW),
        ("A|B|C|D|E|F|G|SW1A 1AA", TOO_MANY),
        ("-|1 Street|SW1A 1AA", NOBODY),
        ("Ada|...|SW1A 1AA", NOBODY),
        ("(|)|nowhere", NOBODY),
        ("Ada|BFPO 5|Germany", BFPO),
        ("Ada|(Regiment|bfpo 5|United Kingdom", BFPO),
        ("Ada|1 Street|Nowhere", ABROAD),
        ("Ada|(1 Street|SW1A 1A", ABROAD),
        ("Ada|1 Street|Town, SW1A 1AA", ABROAD),
        ("Ada|1 Street|Jersey|England", ABROAD),
        *((f"Ada|{start}1 Street|SW1A 1AA", START) for start in '@()=[]”\\/<>"'),
        (",Ada|1 Street|SW1A 1AA", START),
        ("Ada|1 Street|(Berlin)|Germany", START),
    ],
)
def test_what_would_not_arrive_is_refused_in_the_published_words(text, said):
    with pytest.raises(InvalidValue) as refused:
        address(text)
    assert str(refused.value) == said
    with pytest.raises(InvalidValue) as refused:
        address(text, abroad=False)
    assert str(refused.value) in {said, AT_HOME}


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("sw1a1aa", "SW1A 1AA"),
        (" S W1 A1 AA ", "SW1A 1AA"),
        ("N1 1AA", "N1 1AA"),
        ("n51aa", "N5 1AA"),
        ("E1W 1AA", "E1W 1AA"),
        ("SO14 6WB", "SO14 6WB"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("BT1 1AA", "BT1 1AA"),
        ("JE2 3AB", "JE2 3AB"),
        ("IM1 1AA", "IM1 1AA"),
        ("GY1 1AA", "GY1 1AA"),
        ("gir 0aa", "GIR 0AA"),
        ("bfpo 1", "BFPO 1"),
        ("BFPO C/O 1234", "BFPO C/O 1234"),
    ],
)
def test_postcodes(text, postcode):
    assert normalised_postcode(text) == postcode
    assert normalised_postcode(postcode) == postcode


@pytest.mark.parametrize(
    "text",
    [
        "",
        "N5",
        "SO144 6WB",
        "SO14 6WBA",
        "SO14 6W",
        "QA1 1AA",
        "AI1 1AA",
        "N1 1AC",
        "GIR 0AB",
        "GIR 1AA",
        "GX11 1AA",
        "BFPO",
        "BFPO 12345",
        "BFPO c/o",
        "10115",
        "ŜW1A 1AA",
        "SW1A 1A\u0661",
    ],
)
def test_what_is_no_postcode(text):
    assert normalised_postcode(text) is None


def test_from_the_placeholders_of_a_letter():
    lines = {"address_line_1": "Ada", "address_line_2": 7, "address_line_3": None, "address_line_6": "Town"}
    assert PostalAddress.of(lines | {"postcode": "n11aa"}, abroad=False).lines == ("Ada", "7", "Town", "N1 1AA")
    seventh = lines | {"address_line_7": "SE1 7PA", "postcode": "n11aa"}
    assert PostalAddress.of(seventh, abroad=False).lines == ("Ada", "7", "Town", "SE1 7PA")
    empty = lines | {"address_line_7": " ", "postcode": "n11aa"}
    assert PostalAddress.of(empty, abroad=False).postcode == "N1 1AA"
    with pytest.raises(InvalidValue, match=TOO_FEW):
        PostalAddress.of({}, abroad=False)


def test_every_country_is_found_by_its_own_name():
    countries = set(_BY_KEY.values())
    assert len(countries) > 240
    for country in countries:
        assert country_named(country.name) == country
        assert country_named(f"  {country.name.upper()}. ") == country
    assert country_named("") is None
    assert country_named("the") is None
    assert country_named("Narnia") is None


parts = st.sampled_from(
    [*"@(),.”/ \n\t-", "Ada", "1 Street", "SW1A 1AA", "sw1a1aa", "BFPO 5", "Germany", "England", "\u200b", "Ŵ", "٣"]
)


@given(st.lists(st.text() | st.lists(parts).map("".join), max_size=9), st.booleans())
def test_any_lines_are_an_address_or_refused(lines, abroad):
    with suppress(InvalidValue):
        found = PostalAddress.parse(lines, abroad=abroad)
        assert 3 <= len(found.lines) <= 7
        assert all(line == line.strip() and line and "\n" not in line for line in found.lines)
        assert (found.postcode is None) is found.international
        assert abroad or not found.international
        assert PostalAddress.parse(found.lines, abroad=abroad) == found

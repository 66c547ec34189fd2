import pytest

from notify_core.jobs.model import RowError
from notify_core.jobs.policies.columns import MISSING, TOO_MANY_CELLS, columns_of
from notify_core.kernel.errors import InvalidValue
from notify_core.notifications.model import Channel
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import a_template


def of(headings, content="((first name)) ((day))", channel=Channel.SMS):
    return columns_of(headings, a_template(content=content), channel)


def test_names_match_whatever_their_case_spaces_underscores_and_hyphens():
    columns = of(["PhoneNumber", "FIRST_name", "", "d-a y", "unknown"])
    assert columns.recipient_in([" 07700900123 ", "Ann"]) == "07700900123"
    assert columns.values_in(0, ["1", " Ann ", "x", "Monday", "y"]) == ({"firstname": "Ann", "day": "Monday"}, [])


def test_columns_of_the_same_name_are_a_list():
    columns = of(["day", "phone number", "first name", "Day", "DAY"])
    assert columns.values_in(0, ["Mon", "1", "A", " ", "Wed"])[0]["day"] == ["Mon", "Wed"]
    assert columns.values_in(0, ["", "1", "A", "Tue"])[0]["day"] == "Tue"
    assert columns.values_in(7, ["", "1", "A"])[1] == [RowError(7, "day", MISSING)]


def test_what_is_missing_is_named_as_the_template_does():
    columns = of(["phone number", "FIRSTNAME", "day"])
    assert columns.values_in(3, ["1", "  "])[1] == [RowError(3, "first name", MISSING), RowError(3, "day", MISSING)]


def test_cells_behind_the_last_heading_are_an_error_unless_they_are_blank():
    columns = of(["phone number", "first name", "day", "", ""])
    assert columns.values_in(0, ["1", "Ann", "Monday", " ", ""])[1] == []
    assert columns.values_in(0, ["1", "Smith", " Ann", "Monday"])[1] == [RowError(0, None, TOO_MANY_CELLS)]


@pytest.mark.parametrize(
    ("headings", "message"),
    [
        (["first name", "day"], "The file has no column phone number"),
        (["phone number"], "The file has no column first name, day"),
        (["name"], "The file has no column phone number, first name, day"),
        (["phone number", "Phone-Number", "day", "first name"], "The file has the column phone number more than once"),
    ],
)
def test_a_file_needs_its_columns_and_one_recipient(headings, message):
    with pytest.raises(InvalidValue, match=f"^{message}$"):
        of(headings)


def test_the_recipient_may_be_a_placeholder_too():
    columns = of(["phone number"], content="Is ((Phone Number)) yours?")
    assert columns.values_in(0, ["1"]) == ({"phonenumber": "1"}, [])
    with pytest.raises(InvalidValue, match=r"^The file has no column phone number$"):
        of(["x"], content="Is ((phone number)) yours?")


def test_placeholders_of_a_subject_need_columns():
    email = a_template(type=TemplateType.EMAIL, subject="((topic))", content="((name))")
    columns = columns_of(["email address", "name", "topic"], email, Channel.EMAIL)
    assert columns.values_in(0, ["a@b.example", "Ann", "Tea"])[0] == {"topic": "Tea", "name": "Ann"}


def test_an_address_needs_three_columns_and_may_have_blank_cells():
    letter = a_template(type=TemplateType.LETTER, subject="s", content="((name)) ((address line 2))")
    columns = columns_of(
        ["Address Line 1", "address_line_2", "address line 4", "postcode", "name"], letter, Channel.LETTER
    )
    values, errors = columns.values_in(0, ["Ann", "", "1 Road", "SW1A 1AA", "x"])
    assert errors == []
    assert values == {
        "addressline1": "Ann",
        "addressline2": "",
        "addressline4": "1 Road",
        "postcode": "SW1A 1AA",
        "name": "x",
    }
    with pytest.raises(InvalidValue, match="at least 3 of the address"):
        columns_of(["address line 1", "postcode", "name"], letter, Channel.LETTER)

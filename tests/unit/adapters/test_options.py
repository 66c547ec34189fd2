import pytest

from notify_adapters.options import BadOption, boolean, choice, comma_list, integer, known, required, seconds


@pytest.mark.parametrize(("text", "value"), [("true", True), ("YES", True), ("0", False), ("off", False), ("", True)])
def test_yes_and_no(text, value):
    assert boolean({"a": text}, "a", default=True) is value


def test_numbers_lists_and_choices():
    assert integer({"a": " 7 "}, "a", 3) == 7
    assert integer({}, "a", 3) == 3
    assert seconds({"a": "0.5"}, "a", 3) == 0.5
    assert seconds({"a": ""}, "a", 3) == 3
    assert comma_list({"a": "x, y,,z "}, "a") == ("x", "y", "z")
    assert comma_list({"a": ""}, "a", ("x",)) == ()
    assert comma_list({}, "a", ("x",)) == ("x",)
    assert choice({}, "a", "x", ("x", "y")) == "x"
    assert required({"a": " x "}, "a") == "x"


@pytest.mark.parametrize(
    "read",
    [
        lambda: required({}, "colour"),
        lambda: required({"colour": "  "}, "colour"),
        lambda: integer({"colour": "red"}, "colour", 1),
        lambda: integer({"colour": "-1"}, "colour", 1),
        lambda: seconds({"colour": "red"}, "colour", 1),
        lambda: seconds({"colour": "0"}, "colour", 1),
        lambda: seconds({"colour": "nan"}, "colour", 1),
        lambda: seconds({"colour": "inf"}, "colour", 1),
        lambda: boolean({"colour": "red"}, "colour"),
        lambda: choice({"colour": "red"}, "colour", "blue", ("blue", "green")),
        lambda: known({"colour": "red", "data_dir": "/"}, "size"),
    ],
)
def test_what_is_wrong_is_named(read):
    with pytest.raises(BadOption, match="colour"):
        read()


def test_unknown_options_are_told_the_known_ones():
    with pytest.raises(BadOption, match="port, url"):
        known({"colour": "red"}, "url", "port")

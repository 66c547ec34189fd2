from decimal import Decimal

import pytest

from notify_core.kernel.errors import InvalidValue
from notify_core.templates.model import Personalisation
from notify_core.templates.model.values import as_text, clean, is_true_like


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is", "as it is"),
        (12, "12"),
        (1.5, "1.5"),
        (Decimal("1.10"), "1.10"),
        (True, "yes"),
        (False, "no"),
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (("a", 1, True, None, " "), "a, 1 and yes"),
        ("a\r\nb\rc\x00", "a\nb\nc"),
        ("half \ud83d pair", "half \ufffd pair"),
    ],
)
def test_how_values_are_written(value, text):
    assert as_text(Personalisation.parse({"it": value})["it"]) == text


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"file": "…"},
        b"bytes",
        object(),
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        pytest.param(10**5000, id="huge"),
        [["a"]],
        [{}],
    ],
)
def test_other_values_are_refused_without_being_repeated(value):
    with pytest.raises(InvalidValue) as refusal:
        Personalisation.parse({"the file": value})
    assert str(refusal.value) == "personalisation the file must be text, a number, true, false or a list of these"


def test_none_is_as_good_as_not_given():
    values = Personalisation.parse({"a": None, "b": "x"})
    assert "a" not in values
    assert dict(values) == {"b": "x"}
    assert len(values) == 1


def test_a_list_is_never_true_like():
    assert not is_true_like(["yes"])


def test_clean_text_stays_as_it_is():
    assert clean("tab\tand\nline, ŵ 😀") == "tab\tand\nline, ŵ 😀"

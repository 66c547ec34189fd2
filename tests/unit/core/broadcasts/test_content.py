import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.broadcasts.policies.content import accepted_content, check_reference
from notify_core.kernel.errors import InvalidValue
from notify_core.kernel.gsm7 import GSM, GSM_EXTENSION, WELSH_NON_GSM

BOTH_WAYS = pytest.mark.parametrize("called", ["Content", "description"])


@BOTH_WAYS
def test_1395_characters_of_gsm(called):
    assert accepted_content("x" * 1395, called=called) == "x" * 1395
    with pytest.raises(InvalidValue) as refused:
        accepted_content("x" * 1396, called=called)
    assert str(refused.value) == f"{called} must be 1,395 characters or fewer"


@BOTH_WAYS
def test_615_characters_with_a_welsh_letter(called):
    assert len(accepted_content("ŵ" * 615, called=called)) == 615
    with pytest.raises(InvalidValue) as refused:
        accepted_content("ŵ" + "x" * 615, called=called)
    assert str(refused.value) == (f"{called} must be 615 characters or fewer (because it could not be GSM7 encoded)")


@BOTH_WAYS
def test_a_welsh_letter_written_as_two_characters_is_one(called):
    assert accepted_content("w\u0302" * 615, called=called) == "ŵ" * 615
    with pytest.raises(InvalidValue, match="615"):
        accepted_content("w\u0302" + "x" * 615, called=called)


@pytest.mark.parametrize("character", sorted(GSM_EXTENSION))
def test_characters_of_the_extension_table_count_twice(character):
    accepted_content(character * 697 + "x", called="Content")
    with pytest.raises(InvalidValue, match="1,395"):
        accepted_content(character * 698, called="Content")


def test_counted_after_normalising():
    accepted_content("  " + "x" * 1395 + "\u200b \t", called="Content")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Leave now \n", "Leave now"),
        ("Leave\tnow", "Leave now"),
        ("Lea\u200bve\ufeff now", "Leave now"),
        ("“Leave” \u2013 now…", '"Leave" - now...'),
        ("Dŵr yn codi", "Dŵr yn codi"),
        ("逃げて now", "??? now"),
    ],
)
def test_normalised(written, kept):
    assert accepted_content(written, called="Content") == kept


@pytest.mark.parametrize("nothing", ["", "   ", "\t\n", "\u200b"])
def test_nothing_is_no_alert(nothing):
    with pytest.raises(InvalidValue, match="description is empty"):
        accepted_content(nothing, called="description")


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing_more(text):
    try:
        once = accepted_content(text, called="Content")
    except InvalidValue:
        return
    assert accepted_content(once, called="Content") == once
    assert set(once) <= GSM | WELSH_NON_GSM


def test_references_up_to_255():
    check_reference(None)
    check_reference("x" * 255)
    with pytest.raises(InvalidValue, match="255"):
        check_reference("x" * 256)

import pytest

from notify_core.letters.policies import LetterRules


@pytest.mark.parametrize("environment", ["live", "test"])
def test_where_people_depend_on_letters_a_watch_raises_tickets(environment):
    assert LetterRules(environment).raises_tickets
    assert not LetterRules(environment).simulates_printer


@pytest.mark.parametrize("environment", ["development", "preview"])
def test_where_people_try_things_the_printer_is_simulated(environment):
    assert LetterRules(environment).simulates_printer
    assert not LetterRules(environment).raises_tickets


def test_in_staging_nothing_is_simulated_and_nobody_called():
    assert not LetterRules("staging").simulates_printer
    assert not LetterRules("staging").raises_tickets


def test_a_ticket_says_where_it_is_from_and_what_to_do():
    rules = LetterRules("live", "https://runbook.example")
    assert rules.subject("Letters still sending") == "[live] Letters still sending"
    assert rules.body("3 letters.") == "3 letters.\nWhat to do now: https://runbook.example"


def test_without_a_runbook_there_is_nowhere_to_point_to():
    assert LetterRules("test").body("3 letters.", "Look.") == "3 letters.\nLook."

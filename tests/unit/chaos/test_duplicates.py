"""What somebody outside got twice is explained by what died at that moment, and by nothing else."""

from dataclasses import replace

import pytest

from chaos.duplicates import by_cause, duplicates, unexplained
from chaos.faults import CHILD_KILLED, CLOCK, EMPTIED, KILLED, RESTARTED, UNWELL, Fault
from chaos.outside import FIRETEXT, MAIL, MMG, S3, SUBSCRIBER, ZENDESK
from chaos.records import Taken

FIRST = Taken(MMG, "a-text", at=100.0, until=101.0, answered=True)
SECOND = replace(FIRST, at=160.0, until=160.0)


def got_twice(*faults, first=FIRST, second=SECOND):
    """What is found where the second time is not explained."""
    return list(unexplained([first, second], faults))


def test_what_is_got_once_is_no_duplicate():
    assert duplicates([FIRST, replace(FIRST, key="another")], []) == []
    assert duplicates([FIRST, replace(FIRST, player=MAIL)], []) == []


def test_a_second_time_that_nothing_explains():
    assert got_twice() == ["mmg got a-text again after 60.0 s, and nothing explains it"]


def test_the_other_supplier_is_a_second_time_as_well():
    assert got_twice(second=replace(SECOND, player=FIRETEXT)) == [
        "firetext got a-text again after 60.0 s, and nothing explains it"
    ]


@pytest.mark.parametrize("kind", [KILLED, CHILD_KILLED, CLOCK])
@pytest.mark.parametrize(("began", "ended"), [(99.5, 99.6), (100.5, 102.0), (105.5, 107.0)])
def test_a_death_around_the_answer_explains_it(kind, began, ended):
    assert got_twice(Fault(kind, "worker-deliveries-1", began, ended)) == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(KILLED, "worker-deliveries-1", 90.0, 98.0),
        Fault(KILLED, "worker-deliveries-1", 107.0, 108.0),
        Fault(KILLED, "worker-deliveries-1", 159.0, 161.0),
        Fault(KILLED, "worker-broadcasts", 100.0, 102.0),
        Fault(KILLED, "gunicorn", 100.0, 102.0),
        Fault(EMPTIED, "redis", 100.0, 102.0),
        Fault(RESTARTED, "redis", 100.0, 102.0),
        Fault(UNWELL, S3, 100.0, 102.0),
        Fault(UNWELL, MMG, 100.0, 102.0),
    ],
)
def test_what_happened_at_another_time_or_to_others_explains_nothing(fault):
    assert got_twice(fault) != []


def test_a_database_that_was_away_explains_it():
    assert got_twice(Fault(RESTARTED, "postgresql", 100.5, 103.0)) == []


def test_an_answer_that_did_not_come_in_time_explains_it():
    assert got_twice(first=replace(FIRST, answered=False)) == []


def test_the_third_time_needs_a_cause_of_its_own():
    third = replace(SECOND, at=220.0, until=220.0)
    assert list(unexplained([FIRST, SECOND, third], [Fault(KILLED, "worker-priority", 101.0, 102.0)])) == [
        "mmg got a-text again after 60.0 s, and nothing explains it"
    ]


@pytest.mark.parametrize(
    ("player", "worker"), [(SUBSCRIBER, "worker-recalls"), (ZENDESK, "worker-receipts"), (MAIL, "worker-retries")]
)
def test_each_has_carriers_of_its_own(player, worker):
    first, second = replace(FIRST, player=player), replace(SECOND, player=player)
    assert got_twice(Fault(KILLED, worker, 101.0, 102.0), first=first, second=second) == []
    assert got_twice(Fault(KILLED, "worker-jobs", 101.0, 102.0), first=first, second=second) != []


def test_they_are_counted_by_who_and_why():
    found = duplicates([replace(FIRST, answered=False), SECOND], [])
    assert by_cause(found) == {"mmg: the answer was lost or late": 1}
    assert by_cause(duplicates([FIRST, SECOND], [])) == {"mmg: nothing explains it": 1}

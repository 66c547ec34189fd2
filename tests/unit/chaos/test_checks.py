"""The questions at the end of a chaos run find what they are there to find."""

from dataclasses import replace

import pytest

from chaos.checks import STARTING, Message, Row, Seen, violations
from chaos.faults import ENDED, RESTARTED, Fault
from chaos.load import Accepted
from chaos.outside import MAIL, MMG, SUBSCRIBER, ZENDESK
from chaos.receipts import outcome_of
from chaos.records import Taken

TEXT, EMAIL, LETTER, OF_A_JOB = "a-text", "an-email", "a-letter", ["row-0", "row-1"]


def took(player, key, at=100.0, **more):
    return Taken(player, key, at, at, answered=True, **more)


def without(sequence, **what):
    """Those that are not so."""
    return [one for one in sequence if any(getattr(one, name) != value for name, value in what.items())]


def changed(messages, wanted, **what):
    return [replace(one, **what) if one.id == wanted else one for one in messages]


@pytest.fixture
def seen():
    texts = [TEXT, *OF_A_JOB]
    return Seen(
        accepted=[
            Accepted("text", "text 0", TEXT),
            Accepted("email", "email 0", EMAIL),
            Accepted("letter", "letter 0", LETTER),
            Accepted("received text", "received-0", "received-0"),
            Accepted("job", "people.csv", "the-job", rows=2),
        ],
        messages=[
            Message("text", TEXT, "text 0", outcome_of(TEXT)),
            Message("email", EMAIL, "email 0", "sent"),
            Message("letter", LETTER, "letter 0", "delivered", print_name="LETTER1"),
            *(Message("text", id_, None, outcome_of(id_), "the-job", row) for row, id_ in enumerate(OF_A_JOB)),
        ],
        taken=[
            *(took(MMG, text) for text in texts),
            took(MAIL, EMAIL),
            took(ZENDESK, "a-ticket"),
            *(took(SUBSCRIBER, f"hook-{text}", about=text, status=outcome_of(text)) for text in texts),
            took(SUBSCRIBER, "hook-received", about="received-id"),
        ],
        received=[("received-0", "received-id")],
        jobs={"the-job": "finished"},
        printed={"LETTER1": 1},
        tickets={"a-ticket": True},
        rows=[],
        leased_jobs=[],
        faults=[],
    )


def test_what_is_as_it_must_be_is_no_violation(seen):
    assert violations(seen) == []


def test_a_message_that_was_accepted_and_is_not_there(seen):
    lost = replace(seen, messages=without(seen.messages, id=LETTER), printed={})
    assert violations(lost) == ["LOST: letter 0 was accepted as a-letter, and nothing is known of it"]


def test_a_message_that_is_another(seen):
    other = replace(seen, messages=changed(seen.messages, EMAIL, reference="email 1"))
    assert violations(other) == ["email 0 was accepted as an-email, which is email email 1"]


def test_a_message_that_is_recorded_twice(seen):
    again = replace(seen, messages=[*seen.messages, Message("email", "again", "email 0", "temporary-failure")])
    assert violations(again) == [
        "email email 0 is recorded 2 times",
        "email email 0 is recorded as again, which nobody was told",
    ]


@pytest.mark.parametrize(("message", "status"), [(EMAIL, "created"), (LETTER, "sending")])
def test_a_message_that_has_not_ended(seen, message, status):
    (found,) = violations(replace(seen, messages=changed(seen.messages, message, status=status)))
    assert found.endswith(f"{message} is still {status}")


def test_a_message_that_failed_visibly_is_not_lost(seen):
    failed = changed(seen.messages, EMAIL, status="technical-failure")
    taken = without(seen.taken, key=EMAIL)
    assert violations(replace(seen, messages=failed, taken=taken)) == []
    assert replace(seen, messages=failed).visibly_failed()["email technical-failure"] == 1


def test_a_message_that_no_supplier_has(seen):
    assert violations(replace(seen, taken=without(seen.taken, player=MAIL))) == [
        "LOST: email an-email is sent, and no supplier has it"
    ]


def test_a_message_that_only_a_supplier_has(seen):
    assert violations(replace(seen, taken=[*seen.taken, took(MMG, "stranger")])) == [
        "a supplier took the text stranger, which nobody knows"
    ]


def test_a_text_whose_supplier_said_something_else(seen):
    wrong = replace(seen, messages=changed(seen.messages, TEXT, status="permanent-failure"))
    assert f"text {TEXT} is permanent-failure, and its supplier said {outcome_of(TEXT)}" in violations(wrong)


def test_a_row_that_is_not_there_or_there_twice(seen):
    lost = replace(seen, messages=without(seen.messages, id="row-1"), taken=without(seen.taken, key="row-1"))
    assert "LOST: row 1 of people.csv is recorded 0 times" in violations(lost)
    twice = replace(seen, messages=changed(seen.messages, "row-1", row=0))
    assert violations(twice) == [
        "row 0 of people.csv is recorded 2 times",
        "LOST: row 1 of people.csv is recorded 0 times",
    ]


def test_a_job_that_did_not_end_or_that_nobody_submitted(seen):
    assert violations(replace(seen, jobs={"the-job": "in progress"})) == ["LOST: the job people.csv is in progress"]
    assert violations(replace(seen, accepted=without(seen.accepted, kind="job"))) == [
        "the job the-job is recorded, which nobody was told"
    ]


def test_a_letter_in_no_zip_in_two_or_of_nobody(seen):
    assert violations(replace(seen, printed={})) == ["LOST: letter a-letter is delivered, and in no zip"]
    assert violations(replace(seen, printed={"LETTER1": 2})) == ["letter a-letter is in 2 zips"]
    assert violations(replace(seen, printed={"LETTER1": 1, "OTHER": 1})) == [
        "a zip has the letter OTHER, which nobody knows"
    ]


def test_a_service_that_was_not_told(seen):
    untold = replace(seen, taken=without(seen.taken, about=TEXT))
    assert violations(untold) == [f"LOST: the service was not told of a-text, which is {outcome_of(TEXT)}"]
    failed = Row("row", "send-delivery-status", "failed", "answered 500", about=TEXT)
    assert violations(replace(untold, rows=[failed])) == []
    assert violations(replace(seen, taken=without(seen.taken, about="received-id"))) == [
        "LOST: the service was not told of received-id"
    ]


def test_a_service_that_was_told_of_what_there_is_not(seen):
    told = took(SUBSCRIBER, "hook", about="stranger", status="delivered")
    assert violations(replace(seen, taken=[*seen.taken, told])) == [
        "the service was told of stranger, which nobody knows"
    ]


def test_a_received_text_that_is_not_kept_or_kept_twice(seen):
    assert "LOST: the received text received-0 is kept 0 times" in violations(replace(seen, received=[]))
    twice = replace(seen, received=[*seen.received, ("received-0", "received-id")])
    assert violations(twice) == ["the received text received-0 is kept 2 times"]


def test_a_ticket_that_nobody_has_seen_or_raised(seen):
    assert violations(replace(seen, taken=without(seen.taken, player=ZENDESK))) == [
        "LOST: the ticket a-ticket is in Zendesk: False, recorded as raised: True"
    ]
    assert violations(replace(seen, tickets={})) == ["Zendesk has the ticket a-ticket, which nobody knows"]


def test_what_is_left_to_do_or_leased(seen):
    row = Row("row", "deliver_sms", "claimed", None)
    left = replace(seen, rows=[row], leased_jobs=["the-job"])
    assert violations(left) == ["left in the ledger: deliver_sms row, claimed: None", "the job the-job is still leased"]
    assert len(violations(replace(seen, rows=[replace(row, state="failed", reason="a mistake")]))) == 1


def test_a_process_that_ended_by_itself_while_the_database_was_there(seen):
    away, end = Fault(RESTARTED, "postgresql", 100.0, 103.0), Fault(ENDED, "worker-jobs", 104.0, 104.5)
    assert violations(replace(seen, faults=[away, end])) == []
    for began in (99.0, 103.0 + STARTING):
        later = replace(end, began=began)
        assert violations(replace(seen, faults=[away, later])) == [
            "worker-jobs ended by itself, and PostgreSQL was there"
        ]
    assert len(violations(replace(seen, faults=[replace(away, target="redis"), end]))) == 1

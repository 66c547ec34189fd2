from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.broadcasts.model import (
    Assumption,
    CapDocument,
    EventType,
    InstructionType,
    Language,
    Reference,
    instruction_for,
    language_of,
    message_number,
)
from notify_core.broadcasts.states import ProviderMessageEvent, ProviderMessageStatus, RevisionEvent, RevisionStatus
from notify_core.kernel.errors import IllegalTransition
from notify_core.kernel.gsm7 import GSM, WELSH_NON_GSM
from notify_core.kernel.ids import UserId
from notify_core.testing.builders import NOON, SKEGNESS, a_broadcast_event, a_provider_message, a_revision, an_id


@pytest.mark.parametrize(("number", "written"), [(78, "0000004e"), (1, "00000001"), (0xFFFFFFFF, "ffffffff")])
def test_message_numbers_are_eight_hex_digits(number, written):
    assert message_number(number) == written


@pytest.mark.parametrize("sender", ["notify.example", "broadcasts@notify.example"])
def test_an_events_reference(sender):
    event = a_broadcast_event(sent_at=datetime(2026, 1, 5, 12, tzinfo=UTC), sender=sender)

    assert event.reference == f"https://www.notify.example/,{event.id},2026-01-05T12:00:00-00:00"


@given(st.text(alphabet=sorted(GSM)), st.sampled_from(sorted(WELSH_NON_GSM)))
def test_welsh_by_letters_that_gsm_lacks(text, letter):
    assert language_of(text) is Language.ENGLISH
    assert language_of(text + letter + text) is Language.WELSH


@pytest.mark.parametrize("text", ["Привет", "日本", "ă", "é à ö", "\u2013"])
def test_other_letters_do_not_count(text):
    assert language_of(text) is Language.ENGLISH


def test_an_alert():
    event = a_broadcast_event()
    copy = a_provider_message(message_number="0000004e")

    instruction = instruction_for(event, copy, ())

    assert instruction.type is InstructionType.ALERT
    assert instruction.identifier == str(copy.id)
    assert instruction.message_number == "0000004e"
    assert instruction.headline == "GOV.UK Notify Broadcast"
    assert instruction.description == event.content
    assert instruction.simple_polygons == (SKEGNESS,)
    assert (instruction.sent, instruction.expires) == (event.sent_at, event.finishes_at)
    assert (instruction.language, instruction.channel) == (Language.ENGLISH, event.channel)
    assert instruction.references == ()
    assert instruction.sender == event.sender


def test_an_update_names_every_earlier_copy():
    tried_again = NOON + timedelta(minutes=5)
    earlier = a_provider_message(created_at=NOON, updated_at=tried_again, message_number="00000001")

    instruction = instruction_for(a_broadcast_event(type=EventType.UPDATE), a_provider_message(), (earlier,))

    assert instruction.type is InstructionType.UPDATE
    assert instruction.references == (Reference(earlier.id, NOON, "00000001"),)
    assert instruction.description


def test_an_update_of_what_the_network_never_had_is_an_alert():
    instruction = instruction_for(a_broadcast_event(type=EventType.UPDATE), a_provider_message(), ())

    assert instruction.type is InstructionType.ALERT


def test_a_cancellation_has_references_and_no_content():
    earlier = a_provider_message()
    event = a_broadcast_event(type=EventType.CANCEL, starts_at=NOON, sent_at=NOON + timedelta(hours=1))

    instruction = instruction_for(event, a_provider_message(), (earlier,))

    assert instruction.type is InstructionType.CANCEL
    assert [reference.message_id for reference in instruction.references] == [earlier.id]
    assert (instruction.sent, instruction.sender) == (event.sent_at, event.sender)
    assert (instruction.description, instruction.expires, instruction.simple_polygons) == (None, None, ())


def test_an_acknowledgement_may_be_recorded_twice_and_nothing_else_after_it():
    acknowledged = a_provider_message().after(ProviderMessageEvent.ACKNOWLEDGED, NOON)

    assert acknowledged.status is ProviderMessageStatus.RETURNED_ACK
    assert acknowledged.after(ProviderMessageEvent.ACKNOWLEDGED, NOON + timedelta(1)) is acknowledged
    with pytest.raises(IllegalTransition):
        acknowledged.after(ProviderMessageEvent.EXPIRED, NOON)


@pytest.mark.parametrize("assumption", Assumption)
def test_nothing_is_assumed_of_what_a_network_has_acknowledged(assumption):
    acknowledged = a_provider_message().after(ProviderMessageEvent.ACKNOWLEDGED, NOON)

    with pytest.raises(IllegalTransition):
        acknowledged.taken_for(assumption, NOON)


def test_whoever_decides_a_revision_is_remembered():
    revision, approver = a_revision(), UserId(an_id())

    approved = revision.after(RevisionEvent.APPROVED, NOON + timedelta(minutes=2), approver)

    assert approved.status is RevisionStatus.APPROVED
    assert (approved.decided_at, approved.decided_by_id) == (NOON + timedelta(minutes=2), approver)
    with pytest.raises(IllegalTransition):
        approved.after(RevisionEvent.REJECTED, NOON)


def test_a_revision_lapses_by_nobodys_decision():
    lapsed = a_revision().after(RevisionEvent.MESSAGE_ENDED, NOON)

    assert (lapsed.status, lapsed.decided_at, lapsed.decided_by_id) == (RevisionStatus.LAPSED, NOON, None)


def test_a_document_is_actual_by_its_status():
    def document(status):
        return CapDocument("Alert", "id", "sender", "sent", status, None, None, None, (), ())

    assert document("Actual").actual
    assert not document("Exercise").actual

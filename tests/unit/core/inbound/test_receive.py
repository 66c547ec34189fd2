from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.accounts.model import CallbackType, Permission
from notify_core.inbound.policies import national, sender_of, spellings
from notify_core.inbound.ports import InboundForbidden, InboundUnauthenticated
from notify_core.inbound.use_cases import ListInboundTexts, ReceiveText
from notify_core.kernel.errors import AlreadyExists, NotFound
from notify_core.testing.builders import NOON, a_callback, a_service, an_sms_sender
from notify_core.testing.platform import InMemoryPlatform

NUMBER = "447700900999"
RECEIVING = frozenset({Permission.SMS, Permission.INBOUND_SMS})


@pytest.fixture
def notify():
    return InMemoryPlatform()


@pytest.fixture
def service(notify):
    service = a_service(permissions=RECEIVING)
    notify.put(service, an_sms_sender(service_id=service.id, sms_sender="07700900999", inbound=True))
    return service


@pytest.fixture
def bring(notify):
    def act(source="447700900123", destination=NUMBER, content="Help", reference="1"):
        return notify.use(ReceiveText)("memory", notify.inbound.request(source, destination, content, reference))

    return act


@pytest.fixture
def texts(notify, service):
    return lambda: list(notify.use(ListInboundTexts)(service.id))


def test_a_text_is_kept_for_its_service(notify, service, bring, texts):
    notify.advance(timedelta(seconds=5))
    assert bring().body == "thank you"
    (text,) = texts()
    assert (text.notify_number, text.user_number, text.content) == ("07700900999", "447700900123", "Help")
    assert (text.created_at, text.supplier, text.supplier_reference) == (NOON + timedelta(seconds=5), "memory", "1")
    assert notify.metrics.counts["inbound.memory.received"] == 1


def test_a_text_with_what_no_database_keeps_is_kept_without(service, bring, texts):
    bring(content="Help\0", reference="1\ud800", source="\0")
    bring(destination="\0", reference="2")
    (text,) = texts()
    assert (text.content, text.supplier_reference, text.user_number) == ("Help\ufffd", "1\ufffd", "\ufffd")


def test_a_repeated_one_is_kept_once(notify, service, bring, texts):
    notify.put(a_callback(service_id=service.id, type=CallbackType.INBOUND_SMS))
    bring()
    assert bring().body == "thank you"
    bring(reference="2")
    assert len(texts()) == 2
    assert [entry.task for entry in notify.ledger.entries()] == ["send-inbound-sms"] * 2
    assert notify.metrics.counts["inbound.memory.repeated"] == 1


def test_of_two_brought_at_the_same_moment_one_is_kept(notify, service, bring):
    notify.work.fail_next_commit(AlreadyExists("there already"))
    assert bring().body == "thank you"
    assert notify.metrics.counts["inbound.memory.repeated"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"active": False},
        {"permissions": frozenset({Permission.SMS})},
    ],
)
def test_a_service_that_may_not_receive_receives_nothing(notify, service, bring, texts, change):
    notify.put(replace(service, **change))
    assert bring().body == "thank you"
    assert texts() == []
    assert notify.metrics.counts["inbound.memory.unknown-number"] == 1


def test_a_number_that_no_service_has_is_acknowledged_and_counted(notify, service, bring, texts):
    assert bring(destination="447700900998").body == "thank you"
    assert texts() == []
    assert notify.metrics.counts["inbound.memory.unknown-number"] == 1
    assert notify.ledger.entries() == []


def test_without_a_callback_nobody_is_told(notify, service, bring):
    bring()
    assert notify.ledger.entries() == []


def test_with_one_the_service_is_told(notify, service, bring, texts):
    notify.put(a_callback(service_id=service.id, type=CallbackType.INBOUND_SMS))
    bring()
    notify.run_until_idle()
    (request,) = notify.callback_sender.requests
    assert str(texts()[0].id).encode() in request.body


def test_strangers_bring_nothing(notify, service, texts):
    receive = notify.use(ReceiveText)
    with pytest.raises(InboundForbidden):
        receive("memory", notify.inbound.request("1", NUMBER, "Help", word="user:wrong"))
    with pytest.raises(InboundUnauthenticated):
        receive("memory", replace(notify.inbound.request("1", NUMBER, "Help"), headers={}))
    with pytest.raises(NotFound, match="no SMS supplier pigeon"):
        receive("pigeon", notify.inbound.request("1", NUMBER, "Help"))
    assert texts() == []


@pytest.mark.parametrize("written", ["07700900999", "447700900999", "+447700900999"])
def test_however_the_service_wrote_its_number(notify, bring, written):
    service = a_service(permissions=RECEIVING)
    notify.put(service, an_sms_sender(service_id=service.id, sms_sender=written, inbound=True))
    bring()
    assert len(notify.use(ListInboundTexts)(service.id)) == 1


@pytest.mark.parametrize(
    ("source", "user_number"),
    [
        ("07700900123", "447700900123"),
        ("+33 6 12 34 56 78", "33612345678"),
        ("GOVUK", "GOVUK"),
        (" 60006 ", "60006"),
        ("a\0b", "a\ufffdb"),
    ],
)
def test_whom_to_answer(source, user_number):
    assert sender_of(source) == user_number


@pytest.mark.parametrize("number", ["447700900999", "+447700900999", "07700900999", " 447700900999"])
def test_our_numbers_begin_with_a_zero(number):
    assert national(number) == "07700900999"
    assert spellings(number) == {"07700900999", "447700900999", "+447700900999"}


@given(st.text())
def test_every_sender_can_be_kept(source):
    assert len(sender_of(source)) <= 255
    assert "\0" not in sender_of(source)

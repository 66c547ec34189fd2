from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.errors import NotFound
from notify_core.notifications.events import NotificationEnded
from notify_core.notifications.model import Channel, Outcome, SmsRate
from notify_core.notifications.policies import caused_by
from notify_core.notifications.ports import ReceiptForged, ReceiptRequest, ReceiptUnreadable
from notify_core.notifications.states import FINAL, MACHINE, Status
from notify_core.notifications.tasks import DeliverSms, ProcessEmailReceipt, ProcessSmsReceipt
from notify_core.notifications.use_cases import (
    AcceptReceipts,
    ProcessEmailReceiptFromSupplier,
    ProcessSmsReceiptFromSupplier,
)
from notify_core.testing.builders import NOON
from notify_core.testing.fakes.receipts import MemoryReceiptTranslator


@pytest.fixture
def process(platform):
    return ProcessSmsReceiptFromSupplier(platform.work, platform.clock, platform.metrics, platform.raise_ticket)


def sent(platform, **changes):
    facts = {"status": Status.SENDING, "sent_by": "mmg", "supplier_reference": "ref", "sent_at": NOON} | changes
    return platform.given(**facts)


def tickets(platform):
    with platform.work(read_only=True) as work:
        return work.tickets.newest()


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("delivered", Status.DELIVERED),
        ("permanent", Status.PERMANENT_FAILURE),
        ("permanent-undetailed", Status.PERMANENT_FAILURE),
        ("temporary", Status.TEMPORARY_FAILURE),
    ],
)
def test_a_receipt_ends_the_message(platform, process, outcome, status):
    notification = sent(platform)
    platform.clock.advance(timedelta(seconds=7))

    platform.run(process, ProcessSmsReceipt("mmg", "ref", outcome))

    stored = platform.stored(notification)
    assert (stored.status, stored.completed_at) == (status, NOON + timedelta(seconds=7))
    assert platform.events == [NotificationEnded(notification.id, platform.service.id, status)]
    assert platform.metrics.counts[f"callback.mmg.{status}"] == 1
    assert list(platform.metrics.timings["callback.mmg.elapsed-time"]) == [7]


def test_emails_have_a_task_of_their_own(platform):
    notification = sent(platform, channel=Channel.EMAIL, sent_by="ses", sent_at=None)
    process = ProcessEmailReceiptFromSupplier(platform.work, platform.clock, platform.metrics, platform.raise_ticket)

    platform.run(process, ProcessEmailReceipt("ses", "ref", "delivered"))

    assert platform.stored(notification).status is Status.DELIVERED
    assert platform.metrics.counts["callback.ses.delivered"] == 1


def test_pending_is_no_end(platform, process):
    notification = sent(platform)

    platform.run(process, ProcessSmsReceipt("mmg", "ref", "pending"))

    assert platform.stored(notification).status is Status.PENDING
    assert platform.events == []


def test_a_failure_without_a_reason_after_pending_is_temporary(platform, process):
    notification = sent(platform, status=Status.PENDING)

    platform.run(process, ProcessSmsReceipt("mmg", "ref", "permanent-undetailed"))

    assert platform.stored(notification).status is Status.TEMPORARY_FAILURE


@pytest.mark.parametrize("status", sorted(FINAL))
@pytest.mark.parametrize("outcome", sorted(Outcome))
def test_late_and_repeated_receipts_change_nothing(platform, process, status, outcome):
    notification = sent(platform, status=status)

    platform.run(process, ProcessSmsReceipt("mmg", "ref", outcome))

    assert platform.stored(notification) == notification
    assert platform.events == []
    assert not platform.metrics.counts


def test_an_unknown_status_is_a_technical_failure_and_an_alarm(platform, process):
    notification = sent(platform)

    platform.run(process, ProcessSmsReceipt("mmg", "ref", "unknown", "status 9"))

    assert platform.stored(notification).status is Status.TECHNICAL_FAILURE
    (ticket,) = tickets(platform)
    assert ticket.subject == "Unknown status in a receipt of mmg"
    assert "status 9" in ticket.body
    assert notification.recipient not in ticket.body
    assert [task.task for task in platform.tasks()] == ["create-ticket"]


def test_one_alarm_an_hour_is_enough(platform, process):
    for number in range(3):
        sent(platform, supplier_reference=f"ref-{number}")
        platform.run(process, ProcessSmsReceipt("mmg", f"ref-{number}", "unknown"))
    assert len(tickets(platform)) == 1

    platform.clock.advance(timedelta(hours=1))
    sent(platform)
    platform.run(process, ProcessSmsReceipt("mmg", "ref", "unknown"))

    assert len(tickets(platform)) == 2


def test_a_word_of_a_later_release_is_unknown(platform, process):
    notification = sent(platform)

    platform.run(process, ProcessSmsReceipt("mmg", "ref", "beamed"))

    assert platform.stored(notification).status is Status.TECHNICAL_FAILURE


def test_a_receipt_that_comes_before_our_record_is_kept_until_it_is_there(platform, process):
    notification = platform.given()
    platform.run(process, ProcessSmsReceipt("mmg", f"mmg-{notification.id}", "delivered"))
    assert platform.stored(notification).status is Status.CREATED

    platform.run(platform.deliver_sms(), DeliverSms(notification.id))

    assert platform.stored(notification).status is Status.DELIVERED
    (second_look,) = platform.tasks()
    assert second_look.due_at == NOON + timedelta(minutes=1)


@pytest.fixture
def france_sends_none(platform):
    with platform.work() as work:
        work.sms_rates.put(SmsRate(NOON - timedelta(days=1), Decimal("0.02"), without_receipts=("33",)))
        work.commit()


@pytest.mark.usefixtures("france_sends_none")
@pytest.mark.parametrize("outcome", ["delivered", "permanent", "temporary", "pending", "unknown"])
def test_receipts_of_a_country_that_sends_none_are_ignored(platform, process, outcome):
    notification = sent(platform, recipient="+33612345678", international=True, status=Status.SENT)
    platform.run(process, ProcessSmsReceipt("mmg", "ref", outcome))
    assert platform.stored(notification) == notification
    assert platform.events == []
    with platform.work() as work:
        assert not work.early_receipts.take("mmg", "ref")


@pytest.mark.usefixtures("france_sends_none")
@pytest.mark.parametrize("number", ["+34612345678", "+3612345678"])
def test_receipts_of_other_countries_count(platform, process, number):
    notification = sent(platform, recipient=number, international=True, status=Status.SENT)
    platform.run(process, ProcessSmsReceipt("mmg", "ref", "delivered"))
    assert platform.stored(notification).status is Status.DELIVERED


@pytest.mark.usefixtures("france_sends_none")
def test_an_early_receipt_of_a_country_that_sends_none_is_ignored_too(platform, process):
    notification = platform.given(recipient="+33612345678", international=True)
    platform.run(process, ProcessSmsReceipt("mmg", f"mmg-{notification.id}", "delivered"))
    platform.run(platform.deliver_sms(), DeliverSms(notification.id))
    assert platform.stored(notification).status is Status.SENT


def second_look(outcome="delivered"):
    return ProcessSmsReceipt("mmg", "ref", outcome, second_look=True)


def test_a_record_written_at_the_same_moment_is_found_at_the_second_look(platform, process):
    platform.run(process, ProcessSmsReceipt("mmg", "ref", "delivered"))
    notification = sent(platform)  # its delivery did not see the receipt yet
    platform.database.advance(timedelta(minutes=1))

    platform.run(process, second_look())

    assert platform.stored(notification).status is Status.DELIVERED
    assert len(platform.events) == 1


def test_the_second_look_repeats_nothing(platform, process):
    platform.run(process, ProcessSmsReceipt("mmg", "ref", "unknown"))
    platform.database.advance(timedelta(minutes=1))
    platform.run(process, second_look("unknown"))

    assert len(tickets(platform)) == 1
    with platform.work() as work:
        assert len(work.early_receipts.take("mmg", "ref")) == 1
    assert [task.task for task in platform.tasks()] == ["create-ticket"]


def test_a_second_look_at_what_was_applied_meanwhile(platform, process):
    notification = sent(platform)

    platform.run(process, second_look())

    assert platform.stored(notification) == notification


@given(st.sampled_from([Status.SENDING, Status.PENDING, Status.SENT]), st.lists(st.sampled_from(sorted(Outcome))))
def test_receipts_in_any_order_never_leave_a_final_state(status, outcomes):
    for outcome in outcomes:
        after = MACHINE.after(status, caused_by(outcome, status))
        assert after is status or status not in FINAL
        status = after


@pytest.fixture
def accept(platform):
    return AcceptReceipts(
        platform.work, {"mmg": MemoryReceiptTranslator("mmg")}, {"ses": MemoryReceiptTranslator("ses")}
    )


@pytest.mark.parametrize(
    ("reference", "status", "why"),
    [
        ("a\0b", "delivered", "reference contains"),
        ("half \ud83d", "delivered", "reference contains"),
        ("x" * 256, "delivered", "reference is longer"),
        ("b", "\0", "status contains"),
        ("b", "x" * 256, "status is longer"),
    ],
)
def test_what_no_database_keeps_is_unreadable(platform, accept, reference, status, why):
    request = MemoryReceiptTranslator("mmg").request(("a", "delivered"), (reference, status))

    with pytest.raises(ReceiptUnreadable, match=f"^mmg callback failed: {why}"):
        accept(Channel.SMS, "mmg", request)

    assert platform.tasks() == []


def test_receipts_become_tasks(platform, accept):
    request = MemoryReceiptTranslator("mmg").request(("a", "delivered"), ("b", "lost"))

    assert accept(Channel.SMS, "mmg", request) == 2

    assert [(task.task, task.arguments) for task in platform.tasks()] == [
        (
            "process-sms-client-response",
            {"supplier": "mmg", "reference": "a", "outcome": "delivered", "detail": "delivered", "second_look": False},
        ),
        (
            "process-sms-client-response",
            {"supplier": "mmg", "reference": "b", "outcome": "unknown", "detail": "lost", "second_look": False},
        ),
    ]


def test_an_emails_receipt(platform, accept):
    assert accept(Channel.EMAIL, "ses", MemoryReceiptTranslator("ses").request(("a", "delivered"))) == 1
    assert platform.tasks()[0].task == "process-ses-result"


def test_a_request_without_receipts(platform, accept):
    assert accept(Channel.SMS, "mmg", MemoryReceiptTranslator("mmg").request()) == 0
    assert not platform.tasks()


def test_receipts_that_are_none_of_ours(accept):
    good = MemoryReceiptTranslator("mmg").request()

    with pytest.raises(NotFound, match="no email supplier mmg"):
        accept(Channel.EMAIL, "mmg", good)
    with pytest.raises(ReceiptForged):
        accept(Channel.SMS, "mmg", ReceiptRequest(b"[]", {}))
    with pytest.raises(ReceiptUnreadable):
        accept(Channel.SMS, "mmg", ReceiptRequest(b"{", good.headers))

from datetime import timedelta

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import ClaimLost, NotFound, TransientError
from notify_core.kernel.queues import RESEARCH_MODE
from notify_core.notifications.events import NotificationEnded
from notify_core.notifications.model import Channel, EarlyReceipt, Outcome, Receipt
from notify_core.notifications.states import Status
from notify_core.notifications.tasks import DeliverEmail, DeliverSms, GiveUpNotification
from notify_core.notifications.use_cases import GiveUpOnNotification
from notify_core.testing.builders import NOON, a_notification


class Sms:
    channel = Channel.SMS
    task = DeliverSms
    receipt = "process-sms-client-response"

    def __init__(self, platform):
        self.platform = platform
        self.supplier = platform.sms
        self.deliver = platform.deliver_sms()


class Email:
    channel = Channel.EMAIL
    task = DeliverEmail
    receipt = "process-ses-result"

    def __init__(self, platform):
        self.platform = platform
        self.supplier = platform.email
        self.deliver = platform.deliver_email()


@pytest.fixture(params=[Sms, Email])
def way(request, platform):
    return request.param(platform)


def test_a_text_reaches_the_supplier(platform):
    notification = platform.given(sender="FLOODS")
    platform.clock.advance(timedelta(seconds=5))

    platform.run(platform.deliver_sms(), DeliverSms(notification.id))

    (message,) = platform.sms.messages.values()
    assert message.reference == str(notification.id)
    assert message.content == "Floods: Hello Grace, the river is rising"
    assert (message.recipient, message.sender) == ("+447700900123", "FLOODS")
    stored = platform.stored(notification)
    assert (stored.status, stored.sent_by, stored.billable_units) == (Status.SENDING, "mmg", 1)
    assert stored.supplier_reference == f"mmg-{notification.id}"
    assert stored.sent_at == NOON + timedelta(seconds=5)
    assert list(platform.metrics.timings["sms.total-time"]) == [5]
    assert list(platform.metrics.timings["sms.live-key.total-time"]) == [5]
    assert platform.events == []


def test_without_prefix_and_sender(platform):
    platform.change_service(prefix_sms=False)
    notification = platform.given()

    platform.run(platform.deliver_sms(), DeliverSms(notification.id))

    (message,) = platform.sms.messages.values()
    assert (message.content, message.sender) == ("Hello Grace, the river is rising", "GOVUK")


def test_a_text_abroad_counts_as_sent(platform):
    notification = platform.given(recipient="+33612345678", international=True)

    platform.run(platform.deliver_sms(), DeliverSms(notification.id))

    assert platform.stored(notification).status is Status.SENT


def test_an_email_reaches_the_supplier(platform):
    platform.change_service(name='The "Flood" \\ service')
    url = "https://example.com/unsubscribe"
    notification = platform.given(channel=Channel.EMAIL, reply_to="reply@example.com", one_click_unsubscribe_url=url)

    platform.run(platform.deliver_email(), DeliverEmail(notification.id))

    (message,) = platform.email.messages.values()
    assert message.subject == "For Grace"
    assert "Hello Grace" in message.plain
    assert "Hello Grace" in message.html
    assert message.from_address == '"The \\"Flood\\" \\\\ service" <floods@notify.example>'
    assert message.reply_to == "reply@example.com"
    assert message.headers == {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert platform.stored(notification).status is Status.SENDING


def test_an_email_of_a_supplier_that_sends_no_receipts_counts_as_sent(platform):
    platform.email.sends_receipts = False
    notification = platform.given(channel=Channel.EMAIL)

    platform.run(platform.deliver_email(), DeliverEmail(notification.id))

    assert platform.stored(notification).status is Status.SENT


def test_an_email_without_extras(platform):
    platform.change_service(email_from=None, name="--")
    notification = platform.given(channel=Channel.EMAIL)

    platform.run(platform.deliver_email(), DeliverEmail(notification.id))

    (message,) = platform.email.messages.values()
    assert message.headers == {}
    assert message.from_address == '"--" <service@notify.example>'


def test_time_in_the_schedule_is_not_counted(way, platform):
    notification = platform.given(channel=way.channel, scheduled_for=NOON + timedelta(hours=1))
    platform.clock.advance(timedelta(hours=1, seconds=2))

    platform.run(way.deliver, way.task(notification.id))

    assert list(platform.metrics.timings[f"{way.channel}.total-time"]) == [2]


def test_no_unit_of_work_is_open_while_the_supplier_is_called(way, platform):
    notification = platform.given(channel=way.channel)
    send, seen = way.supplier.send, []
    way.supplier.send = lambda message: seen.append(platform.database.in_transaction) or send(message)

    platform.run(way.deliver, way.task(notification.id))

    assert seen == [False]


def test_a_supplier_that_is_down_is_tried_again_by_the_ledger(way, platform):
    notification = platform.given(channel=way.channel)
    way.supplier.fail_with(TransientError("down"))
    claim = platform.claim(way.task(notification.id))

    with pytest.raises(TransientError):
        way.deliver(way.task(notification.id), claim)

    assert not claim.finished
    assert platform.stored(notification).status is Status.CREATED


def test_dying_between_the_suppliers_answer_and_our_record_sends_the_same_reference(way, platform):
    notification = platform.given(channel=way.channel)
    task = way.task(notification.id)
    first = platform.claim(task)
    platform.work.fail_next_commit(TransientError("killed"))
    with pytest.raises(TransientError):
        way.deliver(task, first)
    platform.database.advance(timedelta(minutes=6))  # the first worker's lease runs out

    second = platform.claim(task)
    way.deliver(task, second)

    assert way.supplier.calls == [str(notification.id)] * 2
    assert len(way.supplier.messages) == 1
    assert platform.stored(notification).status is Status.SENDING
    assert second.finished
    assert not platform.tasks()
    with pytest.raises(ClaimLost):
        way.deliver(task, first)


def test_a_message_that_is_recorded_is_not_sent_again(way, platform):
    notification = platform.given(channel=way.channel, status=Status.SENDING)

    platform.run(way.deliver, way.task(notification.id))

    assert way.supplier.calls == []
    assert platform.stored(notification) == notification


def test_a_cancelled_message_is_not_sent(way, platform):
    notification = platform.given(channel=way.channel, status=Status.CANCELLED)

    platform.run(way.deliver, way.task(notification.id))

    assert way.supplier.calls == []


def test_an_inactive_service_sends_nothing(way, platform):
    notification = platform.given(channel=way.channel)
    platform.change_service(active=False)

    platform.run(way.deliver, way.task(notification.id))

    assert way.supplier.calls == []
    assert platform.stored(notification).status is Status.TECHNICAL_FAILURE
    assert platform.events == [NotificationEnded(notification.id, platform.service.id, Status.TECHNICAL_FAILURE)]


def test_refused_for_good(way, platform, caplog):
    notification = platform.given(channel=way.channel)
    way.supplier.make_it_refuse()

    platform.run(way.deliver, way.task(notification.id))

    assert platform.stored(notification).status is Status.TECHNICAL_FAILURE
    assert platform.events == [NotificationEnded(notification.id, platform.service.id, Status.TECHNICAL_FAILURE)]
    assert not platform.tasks()
    assert notification.recipient not in caplog.text


def test_each_call_of_a_supplier_is_measured(way, platform):
    name = f"clients.{way.supplier.name}"
    took, refused = platform.given(channel=way.channel), platform.given(channel=way.channel)
    honest = way.supplier.send

    def slow(message):
        platform.clock.advance(timedelta(seconds=3))
        return honest(message)

    way.supplier.send = slow
    way.supplier.fail_with(TransientError("down"))
    claim = platform.claim(way.task(took.id))
    with pytest.raises(TransientError):
        way.deliver(way.task(took.id), claim)
    assert (platform.metrics.counts[f"{name}.success"], platform.metrics.counts[f"{name}.error"]) == (0, 1)
    way.deliver(way.task(took.id), claim)
    assert (platform.metrics.counts[f"{name}.success"], platform.metrics.counts[f"{name}.error"]) == (1, 1)
    way.supplier.make_it_refuse()
    platform.run(way.deliver, way.task(refused.id))
    assert (platform.metrics.counts[f"{name}.success"], platform.metrics.counts[f"{name}.error"]) == (1, 2)
    assert list(platform.metrics.timings[f"{name}.request-time"]) == [3, 3, 3]


def test_a_message_of_a_test_key_calls_no_supplier(way, platform):
    notification = platform.given(channel=way.channel, key_type=KeyType.TEST)
    platform.run(way.deliver, way.task(notification.id))
    told = {*platform.metrics.counts, *platform.metrics.timings}
    assert not any(name.startswith("clients.") for name in told)


def test_a_receipt_that_came_first_is_applied(way, platform):
    notification = platform.given(channel=way.channel)
    supplier = way.supplier.name
    with platform.work() as work:
        for outcome in (Outcome.PENDING, Outcome.PERMANENT_UNDETAILED):
            receipt = Receipt(supplier, f"{supplier}-{notification.id}", outcome)
            work.early_receipts.keep(EarlyReceipt(receipt, NOON))
        work.commit()

    platform.run(way.deliver, way.task(notification.id))

    assert platform.stored(notification).status is Status.TEMPORARY_FAILURE
    assert platform.events == [NotificationEnded(notification.id, platform.service.id, Status.TEMPORARY_FAILURE)]
    with platform.work() as work:
        assert not work.early_receipts.take(supplier, f"{supplier}-{notification.id}")


def test_messages_of_one_execution_are_read_together(way, platform):
    one, other = (platform.given(channel=way.channel) for _ in range(2))
    tasks = [way.task(one.id), way.task(other.id)]
    deliver = way.deliver.ahead(tasks)

    for task in tasks:
        platform.run(deliver, task)

    assert way.supplier.calls == [str(one.id), str(other.id)]
    assert {platform.stored(one).status, platform.stored(other).status} == {Status.SENDING}


def test_a_process_that_dies_among_several_has_one_of_them_sent_again(way, platform):
    tasks = [way.task(platform.given(channel=way.channel).id) for _ in range(3)]
    claims = [platform.claim(task) for task in tasks]
    deliver, send = way.deliver.ahead(tasks), way.supplier.send

    def die_of_the_second(message):
        send(message)
        if message.reference == str(tasks[1].notification_id):
            raise SystemExit

    way.supplier.send = die_of_the_second
    deliver(tasks[0], claims[0])
    with pytest.raises(SystemExit):
        deliver(tasks[1], claims[1])
    way.supplier.send = send
    platform.database.advance(timedelta(minutes=6))  # its leases run out

    for task in tasks[1:]:
        platform.run(way.deliver, task)

    first, second, third = (str(task.notification_id) for task in tasks)
    assert way.supplier.calls == [first, second, second, third]
    assert not platform.tasks()


def test_a_message_that_is_gone_is_missed_by_its_own_row_only(way, platform):
    there, gone = platform.given(channel=way.channel), way.task(a_notification().id)
    deliver = way.deliver.ahead([gone, way.task(there.id)])

    with pytest.raises(NotFound):
        platform.run(deliver, gone)
    platform.run(deliver, way.task(there.id))

    assert way.supplier.calls == [str(there.id)]


def test_a_time_out_that_was_faster_than_our_record(way, platform):
    notification = platform.given(channel=way.channel)
    send = way.supplier.send

    def send_slowly(message):
        with platform.work() as work:
            was = work.notifications.get(notification.id)
            work.notifications.change(was, was.after("timed out", NOON))
            work.commit()
        return send(message)

    way.supplier.send = send_slowly

    platform.run(way.deliver, way.task(notification.id))

    assert platform.stored(notification).status is Status.TECHNICAL_FAILURE


@pytest.mark.parametrize(
    ("recipient", "outcome"),
    [
        ("+447700900003", "temporary"),
        ("+447700900002", "permanent"),
        ("+447700900123", "delivered"),
        ("temp-fail@simulator.notify", "temporary"),
        ("perm-fail@simulator.notify", "permanent"),
        ("grace@example.com", "delivered"),
    ],
)
def test_a_test_key_talks_to_nobody(platform, recipient, outcome):
    way = Email(platform) if "@" in recipient else Sms(platform)
    notification = platform.given(channel=way.channel, recipient=recipient, key_type=KeyType.TEST)

    platform.run(way.deliver, way.task(notification.id))

    assert way.supplier.calls == []
    assert platform.stored(notification).status is Status.SENDING
    (task,) = platform.tasks()
    assert (task.task, task.queue) == (way.receipt, RESEARCH_MODE)
    assert task.arguments["outcome"] == outcome
    assert task.arguments["reference"] == platform.stored(notification).supplier_reference
    assert len(platform.metrics.timings[f"{way.channel}.test-key.total-time"]) == 1


def test_giving_up(platform):
    notification = platform.given()

    platform.run(GiveUpOnNotification(platform.work, platform.clock), GiveUpNotification(notification.id))

    stored = platform.stored(notification)
    assert (stored.status, stored.completed_at) == (Status.TECHNICAL_FAILURE, NOON)
    assert platform.events == [NotificationEnded(notification.id, platform.service.id, Status.TECHNICAL_FAILURE)]


def test_giving_up_on_what_has_moved_on(platform):
    notification = platform.given(status=Status.SENDING)

    platform.run(GiveUpOnNotification(platform.work, platform.clock), GiveUpNotification(notification.id))

    assert platform.stored(notification).status is Status.SENDING
    assert platform.events == []

"""Valid domain objects for tests: name what the test is about, the rest is filled in.

Ids are new each time, so that two built things never collide by accident; times are fixed.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from notify_core.accounts.model import (
    ApiKey,
    AuditEntry,
    BroadcastChannel,
    BroadcastSettings,
    Callback,
    CallbackType,
    DataRetention,
    IdempotencyRecord,
    KeyType,
    ReplyTo,
    RequestKey,
    Service,
    SmsSender,
    User,
)
from notify_core.alarms.model import Ticket
from notify_core.broadcasts.model import (
    Attempt,
    AttemptOutcome,
    BroadcastEvent,
    BroadcastMessage,
    CapSubmission,
    EventType,
    LinkTest,
    Polygon,
    ProviderMessage,
    Revision,
    Route,
)
from notify_core.broadcasts.states import MessageStatus
from notify_core.callbacks.model import Attempt as CallbackAttempt
from notify_core.documents.model import Document
from notify_core.documents.policies import hash_of
from notify_core.inbound.model import InboundText
from notify_core.jobs.model import Job
from notify_core.kernel.ids import (
    ApiKeyId,
    BroadcastEventId,
    BroadcastMessageId,
    CallbackId,
    ComplaintId,
    DocumentId,
    InboundTextId,
    JobId,
    LedgerEntryId,
    LinkTestId,
    NotificationId,
    ProviderMessageId,
    ReplyToId,
    RevisionId,
    ServiceId,
    SmsSenderId,
    TemplateId,
    TicketId,
    UserId,
)
from notify_core.letters.model import Letter, Postage, PrintGroup
from notify_core.notifications.model import (
    Channel,
    Complaint,
    EarlyReceipt,
    Notification,
    Outcome,
    Receipt,
    UnsubscribeRequest,
)
from notify_core.ports.task_ledger import Claim, TaskLedger
from notify_core.ports.tickets import TicketPriority
from notify_core.templates.model import Template, TemplateType
from notify_core.testing.fakes.clock import NOON as NOON  # noqa: PLC0414 - exported

# A closed ring around Skegness, (latitude, longitude) in degrees.
SKEGNESS: Polygon = ((53.12, 0.30), (53.18, 0.30), (53.18, 0.38), (53.12, 0.38), (53.12, 0.30))


def an_id() -> UUID:
    return uuid4()


def a_service(**changes: Any) -> Service:
    return replace(Service(ServiceId(uuid4()), "Flood warnings", NOON, restricted=False), **changes)


def a_user(**changes: Any) -> User:
    return replace(User(UserId(uuid4()), "Ada", "ada@example.gov.uk", "+447700900001"), **changes)


def an_api_key(**changes: Any) -> ApiKey:
    key = ApiKey(ApiKeyId(uuid4()), ServiceId(uuid4()), "key", f"{uuid4()}", KeyType.NORMAL, NOON)
    return replace(key, **changes)


def an_sms_sender(**changes: Any) -> SmsSender:
    return replace(SmsSender(SmsSenderId(uuid4()), ServiceId(uuid4()), "FLOODS"), **changes)


def a_reply_to(**changes: Any) -> ReplyTo:
    return replace(ReplyTo(ReplyToId(uuid4()), ServiceId(uuid4()), "floods@example.gov.uk"), **changes)


def a_callback(**changes: Any) -> Callback:
    callback = Callback(
        id=CallbackId(uuid4()),
        service_id=ServiceId(uuid4()),
        type=CallbackType.DELIVERY_STATUS,
        url="https://floods.example.gov.uk/receipts",
        bearer_token="bearer-of-the-service",  # noqa: S106 - made up
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",  # noqa: S106 - made up
    )
    return replace(callback, **changes)


def broadcast_settings(**changes: Any) -> BroadcastSettings:
    return replace(BroadcastSettings(ServiceId(uuid4()), BroadcastChannel.SEVERE), **changes)


def a_retention(**changes: Any) -> DataRetention:
    return replace(DataRetention(ServiceId(uuid4()), "sms", 7), **changes)


def an_audit_entry(**changes: Any) -> AuditEntry:
    return replace(AuditEntry(NOON, "operator", "service created", f"{uuid4()}", "cli"), **changes)


def an_idempotency_record(**changes: Any) -> IdempotencyRecord:
    """A request under way."""
    request = RequestKey(ApiKeyId(uuid4()), "/v2/notifications/sms", "order 7")
    return replace(IdempotencyRecord(request, "an index of its body", uuid4().hex, NOON), **changes)


def a_template(**changes: Any) -> Template:
    """An SMS template; give an email one a ``subject``."""
    template = Template(
        id=TemplateId(uuid4()),
        service_id=ServiceId(uuid4()),
        name="River rising",
        type=TemplateType.SMS,
        content="Hello ((name)), the river is rising",
        version=1,
        created_at=NOON,
    )
    return replace(template, **changes)


def a_notification(**changes: Any) -> Notification:
    """A text message to a UK mobile, just accepted; ``channel=Channel.EMAIL`` makes it an email."""
    email = changes.get("channel", Channel.SMS) is Channel.EMAIL
    notification = Notification(
        id=NotificationId(uuid4()),
        service_id=ServiceId(uuid4()),
        channel=Channel.SMS,
        template_id=TemplateId(uuid4()),
        template_version=1,
        to="Grace@example.gov.uk" if email else "07700 900123",
        recipient="grace@example.gov.uk" if email else "+447700900123",
        key_type=KeyType.NORMAL,
        created_at=NOON,
        api_key_id=ApiKeyId(uuid4()),
        personalisation={"name": "Grace"},
    )
    return replace(notification, **changes)


def a_letter(**changes: Any) -> Letter:
    """A templated letter to an address in the UK, just accepted; its PDF is not made yet."""
    letter = Letter(
        id=NotificationId(uuid4()),
        service_id=ServiceId(uuid4()),
        template_id=TemplateId(uuid4()),
        template_version=1,
        file_reference=uuid4().hex[:16].upper(),
        to="Grace Hopper\n1 High Street\nSW1A 1AA",
        key_type=KeyType.NORMAL,
        created_at=NOON,
        api_key_id=ApiKeyId(uuid4()),
        personalisation={"name": "Grace"},
    )
    return replace(letter, **changes)


def a_print_group(**changes: Any) -> PrintGroup:
    """Two second-class letters, not yet with the printer; the deadline is noon."""
    group = PrintGroup(
        zip_name=f"NOTIFY.2026-01-05.2.001.{uuid4()}.ZIP",
        deadline=NOON,
        postage=Postage.SECOND,
        number=1,
        service_id=ServiceId(uuid4()),
        keys=("2026-01-05/NOTIFY.A.D.2.C.20260105110000.PDF", "2026-01-05/NOTIFY.B.D.2.C.20260105110000.PDF"),
        sheets=2,
        pdf_bytes=2_000,
    )
    return replace(group, **changes)


def a_document(**changes: Any) -> Document:
    """A letter that went with an email, for 26 weeks; ``key`` is the one in its link."""
    document = Document(
        id=DocumentId(uuid4()),
        service_id=ServiceId(uuid4()),
        key_hash=hash_of(changes.pop("key", "k" * 43)),
        mime="application/pdf",
        size=2_000,
        created_at=NOON,
        expires_at=NOON + timedelta(weeks=26),
        filename="letter.pdf",
        recipient="grace@example.gov.uk",
        notification_id=NotificationId(uuid4()),
    )
    return replace(document, **changes)


def an_unsubscribe_request(**changes: Any) -> UnsubscribeRequest:
    request = UnsubscribeRequest(
        notification_id=NotificationId(uuid4()),
        service_id=ServiceId(uuid4()),
        template_id=TemplateId(uuid4()),
        template_version=2,
        recipient="grace@example.gov.uk",
        requested_at=NOON,
    )
    return replace(request, **changes)


def an_inbound_text(**changes: Any) -> InboundText:
    text = InboundText(
        id=InboundTextId(uuid4()),
        service_id=ServiceId(uuid4()),
        notify_number="07700900999",
        user_number="447700900123",
        content="The water is in the kitchen",
        supplier="mmg",
        supplier_reference=f"{uuid4()}",
        created_at=NOON,
    )
    return replace(text, **changes)


def a_job(**changes: Any) -> Job:
    """Text messages of three rows, uploaded at noon."""
    job = Job(
        id=JobId(uuid4()),
        service_id=ServiceId(uuid4()),
        template_id=TemplateId(uuid4()),
        template_version=1,
        channel=Channel.SMS,
        original_file_name="people.csv",
        notification_count=3,
        created_at=NOON,
        progressed_at=NOON,
    )
    return replace(job, **changes)


def a_receipt(**changes: Any) -> Receipt:
    return replace(Receipt("mmg", f"{uuid4()}", Outcome.DELIVERED), **changes)


def a_complaint(**changes: Any) -> Complaint:
    complaint = Complaint(
        id=ComplaintId(uuid4()),
        notification_id=NotificationId(uuid4()),
        service_id=ServiceId(uuid4()),
        supplier="ses",
        supplier_reference=f"feedback-{uuid4()}",
        complained_at=NOON,
        received_at=NOON + timedelta(seconds=1),
    )
    return replace(complaint, **changes)


def a_callback_attempt(**changes: Any) -> CallbackAttempt:
    attempt = CallbackAttempt(
        delivery_id=LedgerEntryId(uuid4()),
        service_id=ServiceId(uuid4()),
        type=CallbackType.DELIVERY_STATUS,
        at=NOON,
        duration=timedelta(milliseconds=250),
        status=200,
    )
    return replace(attempt, **changes)


def an_early_receipt(received_at: datetime = NOON, **changes: Any) -> EarlyReceipt:
    """``changes`` are those of the receipt in it."""
    return EarlyReceipt(a_receipt(**changes), received_at)


def a_broadcast_message(**changes: Any) -> BroadcastMessage:
    """A draft around Skegness, valid for four hours from noon."""
    message = BroadcastMessage(
        id=BroadcastMessageId(uuid4()),
        service_id=ServiceId(uuid4()),
        content="Severe flooding. Leave now.",
        status=MessageStatus.DRAFT,
        created_at=NOON,
        areas=("Skegness",),
        simple_polygons=(SKEGNESS,),
        reference="flood-1",
        finishes_at=NOON + timedelta(hours=4),
        created_by_id=UserId(uuid4()),
    )
    return replace(message, **changes)


def a_broadcast_event(**changes: Any) -> BroadcastEvent:
    event = BroadcastEvent(
        id=BroadcastEventId(uuid4()),
        service_id=ServiceId(uuid4()),
        broadcast_message_id=BroadcastMessageId(uuid4()),
        number=1,
        type=EventType.ALERT,
        sent_at=NOON,
        content="Severe flooding. Leave now.",
        areas=("Skegness",),
        simple_polygons=(SKEGNESS,),
        sender="notifications.service.gov.uk",
        headline="GOV.UK Notify Broadcast",
        starts_at=NOON,
        finishes_at=NOON + timedelta(hours=4),
        channel=BroadcastChannel.SEVERE,
        providers=("ee", "o2", "three", "vodafone"),
    )
    return replace(event, **changes)


def a_provider_message(**changes: Any) -> ProviderMessage:
    message = ProviderMessage(
        ProviderMessageId(uuid4()), BroadcastEventId(uuid4()), BroadcastMessageId(uuid4()), "ee", NOON
    )
    return replace(message, **changes)


def an_attempt(**changes: Any) -> Attempt:
    return replace(Attempt(ProviderMessageId(uuid4()), NOON, Route.FIRST, AttemptOutcome.STARTED), **changes)


def a_revision(**changes: Any) -> Revision:
    """Another text for :func:`a_broadcast_message`'s areas and end, proposed a minute after noon."""
    revision = Revision(
        id=RevisionId(uuid4()),
        service_id=ServiceId(uuid4()),
        broadcast_message_id=BroadcastMessageId(uuid4()),
        content="The flood is receding. Stay where you are.",
        areas=("Skegness",),
        simple_polygons=(SKEGNESS,),
        finishes_at=NOON + timedelta(hours=4),
        created_at=NOON + timedelta(minutes=1),
        created_by_id=UserId(uuid4()),
    )
    return replace(revision, **changes)


def a_link_test(**changes: Any) -> LinkTest:
    test = LinkTest(LinkTestId(uuid4()), "ee", Route.FIRST, NOON, AttemptOutcome.ACKNOWLEDGED, seconds=0.25)
    return replace(test, **changes)


def a_cap_submission(**changes: Any) -> CapSubmission:
    submission = CapSubmission(
        service_id=ServiceId(uuid4()),
        identifier="50385fcb0ab7aa447bbd46d848ce8466E",
        sender="www.gov.uk/environment-agency",
        sent="2026-01-05T12:00:00-00:00",
        broadcast_message_id=BroadcastMessageId(uuid4()),
        received_at=NOON,
    )
    return replace(submission, **changes)


def a_ticket(**changes: Any) -> Ticket:
    ticket = Ticket(TicketId(uuid4()), "Vodafone unreachable", "Both routes fail.", TicketPriority.P1, NOON)
    return replace(ticket, **changes)


def claim_row(ledger: TaskLedger, entry_id: LedgerEntryId, worker: str, lease: timedelta) -> Claim | None:
    """Claim one row; None: it is not to be had."""
    claims = ledger.claim([entry_id], worker, lease)
    return claims[0] if claims else None

"""Sending and reading notifications."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, current_app, request

from notify_core.kernel.calendar import parse_datetime
from notify_core.kernel.ids import JobId, NotificationId, ReplyToId, SmsSenderId, TemplateId
from notify_core.letters.use_cases.reading import ListRequest, MessageView
from notify_core.notifications.model import Channel
from notify_core.notifications.use_cases import EmailRequest, SmsRequest
from notify_entrypoints.containers import Container, container_of
from notify_entrypoints.http.authentication import Authentication, authentication, caller
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.idempotency import keeping
from notify_entrypoints.http.schemas.parts import UUID as UUID_TEXT
from notify_entrypoints.http.schemas.reading import LIST_NOTIFICATIONS, NOTIFICATION, NOTIFICATION_ID, NOTIFICATIONS
from notify_entrypoints.http.schemas.sending import EMAIL_SENT, SEND_EMAIL, SEND_SMS, SMS_SENT
from notify_entrypoints.http.v2 import shapes
from notify_entrypoints.http.validation import check, json_body

blueprint = Blueprint("v2_notifications", __name__, url_prefix="/v2/notifications")


@blueprint.post("/sms")
@authentication(Authentication.SERVICE)
@documented("Send a text message", SMS_SENT, status=201, body=SEND_SMS, refuses=(429,))
def send_sms() -> Any:
    body = json_body(SEND_SMS)
    container = container_of(current_app)
    wanted = SmsRequest(
        phone_number=body["phone_number"],
        template_id=TemplateId(UUID(body["template_id"])),
        personalisation=body.get("personalisation") or {},
        reference=body.get("reference"),
        sms_sender_id=SmsSenderId(UUID(body["sms_sender_id"])) if "sms_sender_id" in body else None,
        scheduled_for=_moment(body.get("scheduled_for")),
    )
    answered = partial(shapes.accepted, root=container.settings().api_base_url)
    return answered(container.accept_sms()(caller(), wanted, keeping(answered, 201))), 201


@blueprint.post("/email")
@authentication(Authentication.SERVICE)
@documented("Send an email", EMAIL_SENT, status=201, body=SEND_EMAIL, refuses=(429,))
def send_email() -> Any:
    body = json_body(SEND_EMAIL)
    container = container_of(current_app)
    wanted = EmailRequest(
        email_address=body["email_address"],
        template_id=TemplateId(UUID(body["template_id"])),
        personalisation=body.get("personalisation") or {},
        reference=body.get("reference"),
        email_reply_to_id=ReplyToId(UUID(body["email_reply_to_id"])) if "email_reply_to_id" in body else None,
        one_click_unsubscribe_url=body.get("one_click_unsubscribe_url"),
        sanitise_content_for=tuple(body.get("sanitise_content_for") or ()),
        scheduled_for=_moment(body.get("scheduled_for")),
    )
    answered = partial(shapes.accepted, root=container.settings().api_base_url)
    return answered(container.accept_email()(caller(), wanted, keeping(answered, 201))), 201


@blueprint.get("/<notification_id>")
@authentication(Authentication.SERVICE)
@documented("One message", NOTIFICATION, path={"notification_id": UUID_TEXT})
def get_notification(notification_id: str) -> Any:
    check({"notification_id": notification_id}, NOTIFICATION_ID)
    container = container_of(current_app)
    found = container.get_message()(caller(), NotificationId(UUID(notification_id)))
    return shapes.message(found, container.settings().api_base_url, _authors(container, [found]))


@blueprint.post("/<notification_id>/cancel")
@authentication(Authentication.SERVICE)
@documented(
    "Cancel a message that waits for its time, or a letter that is not yet printed",
    NOTIFICATION,
    path={"notification_id": UUID_TEXT},
    refuses=(400,),
)
def cancel_notification(notification_id: str) -> Any:
    check({"notification_id": notification_id}, NOTIFICATION_ID)
    container = container_of(current_app)
    answered = partial(shapes.message, root=container.settings().api_base_url)
    cancel = container.cancel_message()
    return answered(cancel(caller(), NotificationId(UUID(notification_id)), keeping(answered, 200)))


@blueprint.get("")
@authentication(Authentication.SERVICE)
@documented("Messages, the newest first, 250 a page", NOTIFICATIONS, query=LIST_NOTIFICATIONS)
def list_notifications() -> Any:
    wanted = check(_query(), LIST_NOTIFICATIONS)
    container = container_of(current_app)
    root = container.settings().api_base_url
    page = container.list_messages()(
        caller(),
        ListRequest(
            statuses=tuple(wanted.get("status", ())),
            channels=frozenset(Channel(name) for name in wanted.get("template_type", ())),
            reference=wanted.get("reference"),
            older_than=NotificationId(UUID(wanted["older_than"])) if "older_than" in wanted else None,
            include_jobs="include_jobs" in wanted,
        ),
    )
    links = {"current": _link(root, wanted)}
    if page.next_older_than is not None:
        # First, because clients take the first UUID in it for the next page's, and a reference may be one.
        links["next"] = _link(root, {"older_than": str(page.next_older_than)} | _without(wanted, "older_than"))
    authors = _authors(container, page.messages)
    return {"notifications": [shapes.message(one, root, authors) for one in page.messages], "links": links}


def _authors(container: Container, messages: Sequence[MessageView]) -> Mapping[JobId, str]:
    """Most messages are those of programs, which costs nothing to see."""
    return container.name_authors()({job_id for one in messages if (job_id := shapes.job_of(one)) is not None})


def _query() -> dict[str, Any]:
    """The query's parameters: lists where a parameter may be repeated."""
    repeated = {"status", "template_type"}
    return {name: values if name in repeated else values[-1] for name, values in request.args.lists()}


def _without(query: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in query.items() if key != name}


def _link(root: str, query: dict[str, Any]) -> str:
    written = urlencode(query, doseq=True)
    return f"{root}/v2/notifications?{written}" if written else f"{root}/v2/notifications"


def _moment(text: str | None) -> datetime | None:
    return None if text is None else parse_datetime(text)

"""People, senders, callbacks and the guest list of a service."""

from collections.abc import Mapping

from notify_core.accounts.model import CallbackType, ReplyTo, Service, SmsSender
from notify_core.accounts.policies import check_sms_sender, check_webhook_secret, guest_of
from notify_core.accounts.use_cases.callbacks import WantedCallback, store_callback
from notify_core.accounts.use_cases.people import store_member
from notify_core.accounts.use_cases.reply_tos import store_reply_to
from notify_core.accounts.use_cases.sms_senders import store_sms_sender
from notify_core.housekeeping.model import IssuedKind
from notify_core.housekeeping.use_cases.provisioning.applying import Applying, derived_id
from notify_core.housekeeping.use_cases.provisioning.reading import (
    Reader,
    Table,
    accepted_by,
    choice,
    flag,
    text,
    uuid,
)
from notify_core.kernel.errors import InvalidValue, NotFound
from notify_core.kernel.ids import ReplyToId, SmsSenderId, UserId
from notify_core.recipients.model import EmailAddress, PhoneNumber

_email = accepted_by(EmailAddress.parse)

_USER: Mapping[str, Reader] = {
    "id": uuid,
    "name": text,
    "email_address": _email,
    "mobile_number": accepted_by(PhoneNumber.parse),
    "platform_admin": flag,
}


def apply_user(applying: Applying, service: Service, table: Table) -> None:
    given = table.read(_USER, required=("name", "email_address"))
    user_id = given.pop("id", None)
    store_member(applying, service.id, given, None if user_id is None else UserId(user_id))


_SMS_SENDER: Mapping[str, Reader] = {
    "id": uuid,
    "sms_sender": accepted_by(check_sms_sender),
    "is_default": flag,
    "inbound": flag,
}


def apply_sms_sender(applying: Applying, service: Service, table: Table) -> None:
    given = table.read(_SMS_SENDER, required=("sms_sender",))
    sender_id = given.pop("id", None) or derived_id(service.id, "sms_sender", given["sms_sender"])
    sender = SmsSender(id=SmsSenderId(sender_id), service_id=service.id, **given)
    try:
        before = applying.work.senders.sms_sender(service.id, sender.id)
    except NotFound:
        before = None
    store_sms_sender(applying, before, sender)


_REPLY_TO: Mapping[str, Reader] = {"id": uuid, "email_address": _email, "is_default": flag}


def apply_reply_to(applying: Applying, service: Service, table: Table) -> None:
    given = table.read(_REPLY_TO, required=("email_address",))
    reply_to_id = given.pop("id", None) or derived_id(service.id, "reply_to", given["email_address"])
    reply_to = ReplyTo(id=ReplyToId(reply_to_id), service_id=service.id, **given)
    try:
        before = applying.work.senders.reply_to(service.id, reply_to.id)
    except NotFound:
        before = None
    store_reply_to(applying, before, reply_to)


_CALLBACK: Mapping[str, Reader] = {
    "type": choice(CallbackType),
    "url": text,
    "bearer_token": text,
    "secret": accepted_by(check_webhook_secret),
}


def apply_callback(applying: Applying, service: Service, table: Table) -> None:
    wanted = WantedCallback(**table.read(_CALLBACK, required=("type", "url", "bearer_token")))
    try:
        stored = store_callback(applying, service.id, wanted, allow_private_addresses=applying.allow_private_addresses)
    except InvalidValue as error:
        raise InvalidValue(f"{table.place}: {error}") from None
    if stored.issued:
        applying.issue(IssuedKind.CALLBACK_SECRET, service, wanted.type.value, stored.callback.secret)


def apply_guest(applying: Applying, service: Service, table: Table) -> None:
    """Somebody who may be written to in trial mode, kept in the form recipients are compared in."""
    recipient = table.read({"recipient": accepted_by(guest_of)}, required=("recipient",))["recipient"]
    guest = guest_of(recipient)
    if not applying.work.guest_list.contains(service.id, guest):
        applying.work.guest_list.add(service.id, guest)
        applying.changed("guest list extended of", service.id)

"""People, senders, callbacks and the guest list of a service."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from notify_core.accounts.model import Callback, CallbackType, ReplyTo, Service, SmsSender, User
from notify_core.accounts.policies import check_callback
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
from notify_core.kernel.ids import CallbackId, ReplyToId, SmsSenderId, UserId
from notify_core.recipients.model import EmailAddress, PhoneNumber

# People belong to no service: the ids of those who are given none are derived from this.
_PEOPLE: Final = UUID("4b5ce7cb-2dfe-4d4c-a1c1-9f0a0b0a7d0e")
# 3GPP TS 23.040: eleven characters, or a number of up to fifteen digits.
_LONGEST_SENDER: Final = 15

_email = accepted_by(EmailAddress.parse)
_mobile = accepted_by(PhoneNumber.parse)


def _check_sender(sender: str) -> None:
    if len(sender) > _LONGEST_SENDER:
        raise InvalidValue(f"must not be longer than {_LONGEST_SENDER} characters")


def _check_webhook_secret(secret: str) -> None:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith("whsec_") or not key:
        raise InvalidValue("must be whsec_ and a key in base64")


_USER: Mapping[str, Reader] = {
    "id": uuid,
    "name": text,
    "email_address": _email,
    "mobile_number": _mobile,
    "platform_admin": flag,
}


def apply_user(applying: Applying, service: Service, table: Table) -> None:
    given = table.read(_USER, required=("name", "email_address"))
    user_id = given.pop("id", None) or derived_id(_PEOPLE, "user", given["email_address"].lower())
    before = _existing_user(applying, UserId(user_id))
    # The same person may be in the teams of several services, and fully described in one.
    user = replace(before, **given) if before else User(id=UserId(user_id), **given)
    if user != before:
        applying.work.users.put(user)
        applying.changed("user stored", user.id)
    if not applying.work.users.is_member(user.id, service.id):
        applying.work.users.add_to_service(user.id, service.id)
        applying.changed("user added to the team of", service.id)


def _existing_user(applying: Applying, user_id: UserId) -> User | None:
    try:
        return applying.work.users.get(user_id)
    except NotFound:
        return None


_SMS_SENDER: Mapping[str, Reader] = {
    "id": uuid,
    "sms_sender": accepted_by(_check_sender),
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
    if sender != before:
        applying.work.senders.put_sms_sender(sender)
        applying.changed("sms sender stored", sender.id)


_REPLY_TO: Mapping[str, Reader] = {"id": uuid, "email_address": _email, "is_default": flag}


def apply_reply_to(applying: Applying, service: Service, table: Table) -> None:
    given = table.read(_REPLY_TO, required=("email_address",))
    reply_to_id = given.pop("id", None) or derived_id(service.id, "reply_to", given["email_address"])
    reply_to = ReplyTo(id=ReplyToId(reply_to_id), service_id=service.id, **given)
    try:
        before = applying.work.senders.reply_to(service.id, reply_to.id)
    except NotFound:
        before = None
    if reply_to != before:
        applying.work.senders.put_reply_to(reply_to)
        applying.changed("reply-to address stored", reply_to.id)


_CALLBACK: Mapping[str, Reader] = {
    "type": choice(CallbackType),
    "url": text,
    "bearer_token": text,
    "secret": accepted_by(_check_webhook_secret),
}


def apply_callback(applying: Applying, service: Service, table: Table) -> None:
    given = table.read(_CALLBACK, required=("type", "url", "bearer_token"))
    try:
        check_callback(given["url"], given["bearer_token"], allow_private_addresses=applying.allow_private_addresses)
    except InvalidValue as error:
        raise InvalidValue(f"{table.place}: {error}") from None
    kind, before = given["type"], applying.work.callbacks.find(service.id, given["type"])
    secret = given.get("secret") or (before.secret if before else applying.webhook_secret())
    if before is None and "secret" not in given:
        applying.issue(IssuedKind.CALLBACK_SECRET, service, kind.value, secret)
    callback = Callback(
        id=before.id if before else CallbackId(applying.random.uuid()),
        service_id=service.id,
        type=kind,
        url=given["url"],
        bearer_token=given["bearer_token"],
        secret=secret,
    )
    if callback != before:
        applying.work.callbacks.put(callback)
        applying.changed(f"{kind} callback stored", callback.id)


def apply_guest(applying: Applying, service: Service, table: Table) -> None:
    """Somebody who may be written to in trial mode, kept in the form recipients are compared in."""
    recipient = table.read({"recipient": text}, required=("recipient",))["recipient"]
    (_email if "@" in recipient else _mobile)(recipient, table.at("recipient"))
    normal = str(EmailAddress.parse(recipient) if "@" in recipient else PhoneNumber.parse(recipient))
    if not applying.work.guest_list.contains(service.id, normal):
        applying.work.guest_list.add(service.id, normal)
        applying.changed("guest list extended of", service.id)

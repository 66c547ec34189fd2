"""What an admin application sets up: services with their people, keys, senders and callbacks."""

from typing import Final

from notify_entrypoints.http.schemas.parts import (
    FLAG,
    MOMENT,
    TEXT,
    UUID,
    WHOLE,
    Schema,
    a_list,
    an_object,
    answered,
    described,
    one_of,
    or_null,
)

# Not only white space.
WRITTEN: Schema = {"type": "string", "pattern": r"\S"}
CREATED_BY: Schema = described(UUID, "The user for whom this is asked; the audit log keeps it.")
# PostgreSQL's integers.
_COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
_EMAIL: Schema = {"type": "string", "format": "email_address"}
_MOBILE: Schema = {"type": "string", "format": "phone_number"}
_CHANNELS: Final = ("sms", "email", "letter", "international_sms")

BY = an_object({"created_by": CREATED_BY}, title="AskedBy")

DONE = answered({"result": one_of("success")}, title="Done")

PERMISSION: Schema = one_of(
    "sms",
    "email",
    "letter",
    "international_sms",
    "international_letters",
    "inbound_sms",
    "broadcast",
    "email_auth",
    "upload_letters",
)

_SERVICE: dict[str, Schema] = {
    "name": WRITTEN,
    "active": FLAG,
    "restricted": described(FLAG, "Trial mode; for broadcasts training mode."),
    "permissions": a_list(PERMISSION),
    "message_limit": {
        "type": ["integer", "object"],
        "minimum": 0,
        "maximum": 2**31 - 1,
        "properties": dict.fromkeys(_CHANNELS, _COUNT),
        "additionalProperties": False,
        "description": "How many a day, on every channel or on some; no limit on a channel that is left out.",
    },
    "rate_limit": described(_COUNT, "Requests a minute."),
    "email_from": described(or_null(WRITTEN), "What stands before the @ of its emails' sender."),
    "prefix_sms": described(FLAG, "Whether its texts begin with its name."),
    "count_as_live": FLAG,
    "contact_link": or_null(WRITTEN),
}

CREATE_SERVICE = an_object(
    {
        "id": described(
            UUID, "Made here when left out. With one, a request that is sent again makes no second service."
        ),
        **_SERVICE,
        "created_by": CREATED_BY,
    },
    ("name",),
    title="CreateService",
)

CHANGE_SERVICE = an_object({**_SERVICE, "created_by": CREATED_BY}, title="ChangeService", says="The rest stays.")

SERVICE = answered(
    {
        "id": UUID,
        **dict.fromkeys(("name", "created_at"), TEXT),
        **dict.fromkeys(("active", "restricted", "prefix_sms", "count_as_live"), FLAG),
        "permissions": a_list(PERMISSION),
        "message_limit": {"type": "object", "additionalProperties": WHOLE},
        "rate_limit": WHOLE,
        "email_from": or_null(TEXT),
        "contact_link": or_null(TEXT),
        "go_live_at": or_null(MOMENT),
    },
    title="Service",
)
SERVICES = answered({"services": a_list(SERVICE)}, title="Services")

_PERSON: dict[str, Schema] = {
    "name": WRITTEN,
    "email_address": _EMAIL,
    "mobile_number": or_null(_MOBILE),
    "platform_admin": FLAG,
}
ADD_USER = an_object(
    {
        "id": described(UUID, "Without it the person is known by the email address."),
        **_PERSON,
        "created_by": CREATED_BY,
    },
    ("name", "email_address"),
    title="AddUser",
)
USER = answered(
    {"id": UUID, "name": TEXT, "email_address": TEXT, "mobile_number": or_null(TEXT), "platform_admin": FLAG},
    title="User",
)
USERS = answered({"users": a_list(USER)}, title="Users")

KEY_TYPE: Schema = one_of("normal", "team", "test")
CREATE_API_KEY = an_object(
    {"name": WRITTEN, "key_type": KEY_TYPE, "created_by": CREATED_BY}, ("name", "key_type"), title="CreateApiKey"
)
ROTATE_API_KEY = an_object(
    {"revoke_old": described(FLAG, "At once; else the old key works until it is revoked."), "created_by": CREATED_BY},
    title="RotateApiKey",
)
_API_KEY: dict[str, Schema] = {
    "id": UUID,
    "name": TEXT,
    "key_type": KEY_TYPE,
    "created_at": MOMENT,
    "revoked_at": or_null(MOMENT),
}
API_KEY = answered(_API_KEY, title="ApiKey")
API_KEYS = answered({"api_keys": a_list(API_KEY)}, title="ApiKeys")
ISSUED_API_KEY = answered(
    {**_API_KEY, "key": described(TEXT, "What its owner puts into a client; it is shown this once.")},
    title="IssuedApiKey",
)

# How long it may be is the core's to say.
_SMS_SENDER: dict[str, Schema] = {
    "sms_sender": WRITTEN,
    "is_default": FLAG,
    "inbound": described(FLAG, "A number that receives texts, too."),
}
ADD_SMS_SENDER = an_object({**_SMS_SENDER, "created_by": CREATED_BY}, ("sms_sender",), title="AddSmsSender")
CHANGE_SMS_SENDER = an_object({**_SMS_SENDER, "created_by": CREATED_BY}, title="ChangeSmsSender")
SMS_SENDER = answered({"id": UUID, "sms_sender": TEXT, "is_default": FLAG, "inbound": FLAG}, title="SmsSender")
SMS_SENDERS = answered({"sms_senders": a_list(SMS_SENDER)}, title="SmsSenders")

_REPLY_TO: dict[str, Schema] = {"email_address": _EMAIL, "is_default": FLAG}
ADD_REPLY_TO = an_object({**_REPLY_TO, "created_by": CREATED_BY}, ("email_address",), title="AddReplyTo")
CHANGE_REPLY_TO = an_object({**_REPLY_TO, "created_by": CREATED_BY}, title="ChangeReplyTo")
REPLY_TO = answered({"id": UUID, "email_address": TEXT, "is_default": FLAG}, title="ReplyTo")
REPLY_TOS = answered({"reply_tos": a_list(REPLY_TO)}, title="ReplyTos")

CALLBACK_TYPE: Schema = one_of("delivery_status", "complaint", "inbound_sms", "returned_letter")
CALLBACK_OF = an_object({"callback_type": CALLBACK_TYPE}, ("callback_type",))
SET_CALLBACK = an_object(
    {
        "url": WRITTEN,
        "bearer_token": described(WRITTEN, "What we show there; at least 10 characters."),
        "secret": described(WRITTEN, "What signs our requests: whsec_ and a key in base64. Made here when left out."),
        "created_by": CREATED_BY,
    },
    ("url", "bearer_token"),
    title="SetCallback",
)
_CALLBACK: dict[str, Schema] = {"id": UUID, "type": CALLBACK_TYPE, "url": TEXT}
CALLBACK = answered(_CALLBACK, title="Callback", says="Its token and its secret are not told.")
CALLBACKS = answered({"callbacks": a_list(CALLBACK)}, title="Callbacks")
STORED_CALLBACK = answered(
    {**_CALLBACK, "secret": described(or_null(TEXT), "Where it was made here: it is shown this once.")},
    title="StoredCallback",
)

SET_GUEST_LIST = an_object(
    {"email_addresses": a_list(_EMAIL), "phone_numbers": a_list(_MOBILE), "created_by": CREATED_BY},
    ("email_addresses", "phone_numbers"),
    title="SetGuestList",
    says="The whole list: whoever is left out is on it no more.",
)
GUEST_LIST = answered({"email_addresses": a_list(TEXT), "phone_numbers": a_list(TEXT)}, title="GuestList")

"""What requests look like, as JSON Schema: what is checked and what is documented."""

from typing import Any

_UUID = {"type": "string", "format": "uuid"}
_PERSONALISATION = {"type": "object"}
_TEXT = {"type": "string"}


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


_SENDING = {
    "template_id": _UUID,
    "personalisation": _PERSONALISATION,
    "reference": {"type": ["string", "null"], "maxLength": 1000},
    # When it may be is the core's to say, which has the clock.
    "scheduled_for": {"type": ["string", "null"], "format": "datetime"},
}

SEND_SMS = _object(
    {
        "phone_number": {"type": "string", "format": "phone_number"},
        "sms_sender_id": _UUID,
        **_SENDING,
    },
    ("phone_number", "template_id"),
)

SEND_EMAIL = _object(
    {
        "email_address": {"type": "string", "format": "email_address"},
        "email_reply_to_id": _UUID,
        "one_click_unsubscribe_url": {"type": ["string", "null"], "format": "https_url"},
        "sanitise_content_for": {"type": ["array", "null"], "items": {"type": "string"}},
        **_SENDING,
    },
    ("email_address", "template_id"),
)

NOTIFICATION_ID = _object({"notification_id": _UUID}, ("notification_id",))

LIST_NOTIFICATIONS = _object(
    {
        "status": {
            "type": "array",
            "items": {
                "enum": [
                    "cancelled",
                    "created",
                    "sending",
                    "sent",
                    "delivered",
                    "pending",
                    "failed",
                    "technical-failure",
                    "temporary-failure",
                    "permanent-failure",
                    "pending-virus-check",
                    "validation-failed",
                    "virus-scan-failed",
                    "returned-letter",
                    "accepted",
                    "received",
                ],
            },
        },
        "template_type": {"type": "array", "items": {"enum": ["sms", "email", "letter"]}},
        "reference": _TEXT,
        "older_than": _UUID,
        "include_jobs": {"enum": ["true", "True"]},
    },
    (),
)

TEMPLATE_ID = _object({"id": _UUID}, ("id",))

TEMPLATE_VERSION = _object(
    {"id": _UUID, "version": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}}, ("id", "version")
)

LIST_TEMPLATES = _object({"type": {"enum": ["sms", "email", "letter"]}}, ())

OLDER_THAN = _object({"older_than": _UUID}, ())

PREVIEW_TEMPLATE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"personalisation": {"type": ["object", "null"]}},
}

_PAIR = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_POLYGONS = {"type": "array", "items": {"type": "array", "items": _PAIR}}
_BROADCAST_FIELDS = {
    "personalisation": _PERSONALISATION,
    "content": {"type": "string", "minLength": 1},
    "starts_at": {"type": ["string", "null"], "format": "datetime"},
    "finishes_at": {"type": ["string", "null"], "format": "datetime"},
    "areas": {"type": "array", "items": _TEXT},
    "simple_polygons": _POLYGONS,
}

CREATE_BROADCAST = _object(
    {
        "service_id": _UUID,
        "created_by": _UUID,
        "template_id": _UUID,
        "reference": {**_TEXT, "minLength": 1, "maxLength": 255},
        **_BROADCAST_FIELDS,
    },
    ("service_id", "created_by"),
)

EDIT_BROADCAST = _object({"created_by": _UUID, **_BROADCAST_FIELDS}, ("created_by",))

BROADCAST_STATUS = _object(
    {
        "status": {
            "type": "string",
            "enum": [
                "draft",
                "pending-approval",
                "rejected",
                "broadcasting",
                "completed",
                "cancelled",
                "technical-failure",
            ],
        },
        "created_by": _UUID,
    },
    ("status", "created_by"),
)

BROADCAST_REVISION = _object(
    {"created_by": _UUID}
    | {name: _BROADCAST_FIELDS[name] for name in ("content", "areas", "simple_polygons", "finishes_at")},
    ("created_by",),
)

BROADCAST_REVISION_STATUS = _object(
    {"status": {"type": "string", "enum": ["approved", "rejected"]}, "created_by": _UUID}, ("status", "created_by")
)

SET_BROADCAST_SERVICE = _object(
    {
        "broadcast_channel": {"type": "string", "enum": ["test", "operator", "severe", "government"]},
        "service_mode": {"type": "string", "enum": ["training", "live"]},
        "provider_restriction": {"type": ["string", "null"]},
    },
    ("broadcast_channel", "service_mode", "provider_restriction"),
)

"""Emergency broadcasts: what the admin application and agencies ask, and what they are answered."""

from notify_entrypoints.http.schemas.parts import (
    MOMENT,
    MOMENT_ASKED,
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
from notify_entrypoints.http.schemas.sending import PERSONALISATION

STATUS: Schema = one_of(
    "draft", "pending-approval", "rejected", "broadcasting", "completed", "cancelled", "technical-failure"
)
REVISION_STATUS: Schema = one_of("pending-approval", "approved", "rejected", "lapsed")

_PAIR: Schema = a_list({"type": "number"}, minItems=2, maxItems=2)
POLYGONS: Schema = described(a_list(a_list(_PAIR)), "Closed rings of [latitude, longitude].")

_FIELDS: dict[str, Schema] = {
    "personalisation": PERSONALISATION,
    "content": {"type": "string", "minLength": 1},
    "starts_at": or_null(MOMENT_ASKED),
    "finishes_at": or_null(MOMENT_ASKED),
    "areas": a_list(TEXT),
    "simple_polygons": POLYGONS,
}

CREATE_BROADCAST = an_object(
    {
        "service_id": UUID,
        "created_by": UUID,
        "template_id": UUID,
        "reference": {"type": "string", "minLength": 1, "maxLength": 255},
        **_FIELDS,
    },
    ("service_id", "created_by"),
    title="CreateBroadcast",
    says="Either template_id, or content with reference.",
)

EDIT_BROADCAST = an_object({"created_by": UUID, **_FIELDS}, ("created_by",), title="EditBroadcast")

BROADCAST_STATUS = an_object(
    {"status": STATUS, "created_by": UUID}, ("status", "created_by"), title="ChangeBroadcastStatus"
)

BROADCAST_REVISION = an_object(
    {"created_by": UUID} | {name: _FIELDS[name] for name in ("content", "areas", "simple_polygons", "finishes_at")},
    ("created_by",),
    title="ProposeRevision",
)

BROADCAST_REVISION_STATUS = an_object(
    {"status": one_of("approved", "rejected"), "created_by": UUID}, ("status", "created_by"), title="DecideRevision"
)

SET_BROADCAST_SERVICE = an_object(
    {
        "broadcast_channel": one_of("test", "operator", "severe", "government"),
        "service_mode": one_of("training", "live"),
        "provider_restriction": described({"type": ["string", "null"]}, "A network, or null for all."),
    },
    ("broadcast_channel", "service_mode", "provider_restriction"),
    title="SetBroadcastService",
)

BROADCAST_MESSAGE = answered(
    {
        "id": UUID,
        "reference": or_null(TEXT),
        "service_id": UUID,
        "template_id": or_null(UUID),
        "template_version": or_null(WHOLE),
        "template_name": or_null(TEXT),
        "personalisation": described({"type": ["object", "null"]}, "Null without a template."),
        "content": TEXT,
        "areas": a_list(TEXT),
        "simple_polygons": POLYGONS,
        "status": STATUS,
        **{
            name: or_null(MOMENT)
            for name in ("starts_at", "finishes_at", "created_at", "approved_at", "cancelled_at", "updated_at")
        },
        **{name: or_null(UUID) for name in ("created_by_id", "approved_by_id", "cancelled_by_id")},
    },
    title="BroadcastMessage",
)

BROADCAST_MESSAGES = answered({"broadcast_messages": a_list(BROADCAST_MESSAGE)}, title="BroadcastMessages")

REVISION = answered(
    {
        "id": UUID,
        "broadcast_message_id": UUID,
        "service_id": UUID,
        "content": TEXT,
        "areas": a_list(TEXT),
        "simple_polygons": POLYGONS,
        "finishes_at": or_null(MOMENT),
        "status": REVISION_STATUS,
        "created_at": MOMENT,
        "created_by_id": or_null(UUID),
        "decided_at": or_null(MOMENT),
        "decided_by_id": or_null(UUID),
    },
    title="BroadcastRevision",
)

_ATTEMPT = answered({"at": MOMENT, "route": TEXT, "outcome": TEXT, "detail": or_null(TEXT)}, title="Attempt")

PROVIDER_MESSAGE = answered(
    {
        "id": UUID,
        "provider": TEXT,
        "status": one_of("sending", "returned-ack", "returned-error", "technical-failure"),
        "message_number": or_null(TEXT),
        "assumed": or_null(TEXT),
        "created_at": MOMENT,
        "updated_at": or_null(MOMENT),
        "attempts": a_list(_ATTEMPT),
    },
    title="BroadcastProviderMessage",
)

_BLOCK = answered(
    {
        "provider": TEXT,
        "broadcast_event_id": UUID,
        "message_type": TEXT,
        "status": or_null(TEXT),
        "reason": TEXT,
        "mend": described(a_list(TEXT), "Sentences and commands, in the order in which they are done."),
    },
    title="Block",
)

EVENT = answered(
    {
        "id": UUID,
        "message_type": one_of("alert", "update", "cancel"),
        "sent_at": MOMENT,
        "channel": TEXT,
        "providers": a_list(TEXT),
        "provider_messages": a_list(PROVIDER_MESSAGE),
        "blocked_by": a_list(_BLOCK),
    },
    title="BroadcastEvent",
)

BROADCAST_EVENTS = answered(
    {"message": BROADCAST_MESSAGE, "revisions": a_list(REVISION), "events": a_list(EVENT)}, title="BroadcastEvents"
)

BROADCAST_SERVICE = answered(
    {
        "id": UUID,
        "broadcast_channel": TEXT,
        "service_mode": TEXT,
        "provider_restriction": or_null(TEXT),
        "permissions": a_list(TEXT),
        "restricted": {"type": "boolean"},
        "count_as_live": {"type": "boolean"},
        "go_live_at": or_null(MOMENT),
    },
    title="BroadcastService",
)

CAP_DOCUMENT: Schema = described(TEXT, "An alert in the Common Alerting Protocol 1.2.")

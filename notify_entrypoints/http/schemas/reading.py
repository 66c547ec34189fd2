"""Reading messages."""

from typing import Final

from notify_entrypoints.http.schemas.parts import (
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    URL,
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

CHANNEL: Schema = one_of("sms", "email", "letter")

# In the order of the published API, whose refusals list them.
STATUSES: Final = (
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
)

NOTIFICATION_ID = an_object({"notification_id": UUID}, ("notification_id",))

_OLDER_THAN: Schema = described(UUID, "The last one of the page before; those older than it are listed.")
OLDER_THAN = an_object({"older_than": _OLDER_THAN})

LIST_NOTIFICATIONS = an_object(
    {
        "status": described(
            a_list(one_of(*STATUSES)),
            "May be repeated. failed is every failure; accepted and received are letters on their way and posted.",
        ),
        "template_type": described(a_list(CHANNEL), "May be repeated."),
        "reference": TEXT,
        "older_than": _OLDER_THAN,
        "include_jobs": described(one_of("true", "True"), "Whether messages of CSV uploads are listed, too."),
    },
)

COSTS = an_object(
    {
        "billable_sms_fragments": WHOLE,
        "international_rate_multiplier": NUMBER,
        "sms_rate": NUMBER,
        "billable_sheets_of_paper": WHOLE,
        "postage": TEXT,
    },
    title="CostDetails",
    says="Empty where nothing is known or charged; the first three are texts', the others letters'.",
)

_NOTIFICATION: dict[str, Schema] = {
    "id": UUID,
    "reference": or_null(TEXT),
    "email_address": or_null(TEXT),
    "phone_number": or_null(TEXT),
    **{f"line_{number}": or_null(TEXT) for number in range(1, 7)},
    "postcode": or_null(TEXT),
    "type": CHANNEL,
    "status": one_of(*(word for word in STATUSES if word != "failed")),
    "template": answered({"id": UUID, "version": WHOLE, "uri": URL}),
    "body": TEXT,
    "subject": or_null(TEXT),
    "created_at": MOMENT,
    "created_by_name": or_null(TEXT),
    "sent_at": or_null(MOMENT),
    "completed_at": or_null(MOMENT),
    "scheduled_for": or_null(MOMENT),
    "postage": or_null(TEXT),
    "one_click_unsubscribe_url": or_null(URL),
    "is_cost_data_ready": FLAG,
    "cost_in_pounds": or_null(NUMBER),
    "cost_details": COSTS,
}

NOTIFICATION = an_object(
    {**_NOTIFICATION, "estimated_delivery": described(or_null(MOMENT), "Letters only.")},
    tuple(_NOTIFICATION),
    title="Notification",
)

LINKS = an_object(
    {"current": URL, "next": described(URL, "The page that follows; absent on an empty one.")},
    ("current",),
    title="Links",
)

NOTIFICATIONS = answered({"notifications": a_list(NOTIFICATION, maxItems=250), "links": LINKS}, title="Notifications")

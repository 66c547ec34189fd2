"""Who wants no more emails."""

from notify_entrypoints.http.schemas.parts import (
    MOMENT,
    TEXT,
    UUID,
    WHOLE,
    Schema,
    a_list,
    an_object,
    answered,
    described,
)
from notify_entrypoints.http.schemas.reading import LINKS

_OLDER_THAN: Schema = described(UUID, "The notification of the last one of the page before.")
LIST_UNSUBSCRIBE_REQUESTS = an_object({"older_than": _OLDER_THAN})

_REQUEST = answered(
    {
        "notification_id": UUID,
        "template_id": UUID,
        "template_version": WHOLE,
        "email_address": TEXT,
        "requested_at": MOMENT,
    },
    title="UnsubscribeRequest",
)

UNSUBSCRIBE_REQUESTS = answered(
    {"unsubscribe_requests": a_list(_REQUEST, maxItems=250), "links": LINKS}, title="UnsubscribeRequests"
)

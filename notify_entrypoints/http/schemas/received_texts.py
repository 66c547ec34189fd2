"""Texts that people sent to a service."""

from notify_entrypoints.http.schemas.parts import MOMENT, TEXT, UUID, a_list, answered
from notify_entrypoints.http.schemas.reading import LINKS

_RECEIVED_TEXT = answered(
    {
        "id": UUID,
        "user_number": TEXT,
        "created_at": MOMENT,
        "service_id": UUID,
        "notify_number": TEXT,
        "content": TEXT,
    },
    title="ReceivedText",
)

RECEIVED_TEXTS = answered(
    {"received_text_messages": a_list(_RECEIVED_TEXT, maxItems=250), "links": LINKS}, title="ReceivedTexts"
)

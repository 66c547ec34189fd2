"""Sending messages: what is asked, what is answered."""

from typing import Any

from notify_entrypoints.http.schemas.parts import (
    MOMENT,
    MOMENT_ASKED,
    TEXT,
    URL,
    UUID,
    WHOLE,
    Schema,
    an_object,
    answered,
    described,
    or_null,
)

PERSONALISATION: Schema = described(
    {"type": "object"},
    "A value for each ((placeholder)) of the template: a text, a number, true or false, or a list of texts. "
    "Names are matched without regard to case, spaces, _ and -.",
)

_COMMON: dict[str, Schema] = {
    "template_id": UUID,
    "personalisation": PERSONALISATION,
    "reference": described({"type": ["string", "null"], "maxLength": 1000}, "The sender's own name for the message."),
    # When it may be is the core's to say, which has the clock.
    "scheduled_for": described(or_null(MOMENT_ASKED), "When to send it, at most 24 hours ahead; now when left out."),
}

SEND_SMS = an_object(
    {
        "phone_number": {"type": "string", "format": "phone_number", "examples": ["07700 900123"]},
        "sms_sender_id": UUID,
        **_COMMON,
    },
    ("phone_number", "template_id"),
    title="SendSms",
)

SEND_EMAIL = an_object(
    {
        "email_address": {"type": "string", "format": "email_address", "examples": ["grace@example.gov.uk"]},
        "email_reply_to_id": UUID,
        "one_click_unsubscribe_url": described(
            {"type": ["string", "null"], "format": "https_url"}, "Where mail programs unsubscribe the recipient."
        ),
        "sanitise_content_for": described(
            {"type": ["array", "null"], "items": TEXT},
            "Names of personalisation whose values strangers wrote: marks are escaped and links broken up.",
        ),
        **_COMMON,
    },
    ("email_address", "template_id"),
    title="SendEmail",
)


_REFERENCE: Schema = {"type": "string", "maxLength": 1000}

SEND_LETTER = an_object(
    {
        "template_id": UUID,
        "personalisation": described(
            PERSONALISATION,
            "A value for each ((placeholder)), and the address: address_line_1 to address_line_7, or postcode as the "
            "last line; 3 to 7 lines, the last of which is a postcode of the UK, or a country.",
        ),
        "reference": _COMMON["reference"],
    },
    ("template_id", "personalisation"),
    title="SendLetter",
)

SEND_UPLOADED_LETTER = an_object(
    {
        "reference": described(_REFERENCE, "The sender's own name for the letter."),
        "content": described(TEXT, "A PDF of at most 10 pages, each A4 portrait, in base64."),
        "postage": described(
            {"type": "string", "format": "letter_postage", "examples": ["second"]},
            "first, second or economy; second when left out. Abroad, the address decides.",
        ),
    },
    ("reference", "content"),
    title="SendUploadedLetter",
)

# Which of them a request is, its content says.
SEND_ANY_LETTER: Schema = {"oneOf": [SEND_LETTER, SEND_UPLOADED_LETTER]}


def _sent(name: str, content: dict[str, Schema], more: dict[str, Schema] | None = None) -> Schema:
    properties: dict[str, Any] = {
        "id": UUID,
        "reference": or_null(TEXT),
        "content": answered(content),
        "uri": URL,
        "template": answered({"id": UUID, "version": WHOLE, "uri": URL}),
        "scheduled_for": or_null(MOMENT),
    }
    return answered(properties | (more or {}), title=name)


SMS_SENT = _sent("SmsSent", {"body": described(TEXT, "Without the service's name before it."), "from_number": TEXT})

EMAIL_SENT = _sent(
    "EmailSent",
    {"body": TEXT, "subject": TEXT, "from_email": TEXT, "one_click_unsubscribe_url": or_null(URL)},
    {
        "sanitised_content": described(
            {"type": "object", "additionalProperties": answered({"unsanitised": TEXT, "sanitised": TEXT})},
            "The values that sanitising changed.",
        )
    },
)

LETTER_SENT = _sent("LetterSent", {"body": TEXT, "subject": TEXT})

UPLOADED_LETTER_SENT = answered(
    {"id": UUID, "reference": TEXT, "postage": TEXT},
    title="UploadedLetterSent",
)

ANY_LETTER_SENT: Schema = {"oneOf": [LETTER_SENT, UPLOADED_LETTER_SENT]}

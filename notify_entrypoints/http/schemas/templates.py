"""Reading templates and trying them out."""

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
from notify_entrypoints.http.schemas.reading import CHANNEL

VERSION: Schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
KIND: Schema = one_of("sms", "email", "letter", "broadcast")

TEMPLATE_ID = an_object({"id": UUID}, ("id",))

TEMPLATE_VERSION = an_object({"id": UUID, "version": VERSION}, ("id", "version"))

LIST_TEMPLATES = an_object({"type": CHANNEL})

# Further keys are ignored: that is how the published API takes previews.
PREVIEW_TEMPLATE: Schema = {
    "title": "PreviewTemplate",
    "type": "object",
    "properties": {"personalisation": {"type": ["object", "null"]}},
}

TEMPLATE = answered(
    {
        "id": UUID,
        "type": KIND,
        "created_at": MOMENT,
        "updated_at": or_null(MOMENT),
        "created_by": described(or_null(TEXT), "The author's email address."),
        "version": WHOLE,
        "body": TEXT,
        "subject": or_null(TEXT),
        "name": TEXT,
        "personalisation": described(
            {"type": "object", "additionalProperties": answered({"required": FLAG})}, "The template's placeholders."
        ),
        "postage": or_null(TEXT),
        "letter_contact_block": or_null(TEXT),
    },
    title="Template",
)

TEMPLATES = answered({"templates": a_list(TEMPLATE)}, title="Templates")

TEMPLATE_VERSIONS = answered(
    {"data": described(a_list(TEMPLATE), "Every version, the newest first.")}, title="TemplateVersions"
)

_PREVIEW: dict[str, Schema] = {
    "id": UUID,
    "type": KIND,
    "version": WHOLE,
    "body": TEXT,
    "subject": or_null(TEXT),
    "postage": or_null(TEXT),
}

PREVIEW = an_object({**_PREVIEW, "html": described(TEXT, "Emails only.")}, tuple(_PREVIEW), title="Preview")

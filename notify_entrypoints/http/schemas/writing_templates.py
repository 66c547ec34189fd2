"""Writing templates."""

from notify_core.letters.policies import AT_HOME
from notify_entrypoints.http.schemas.accounts import CREATED_BY, WRITTEN
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
from notify_entrypoints.http.schemas.templates import KIND, VERSION

POSTAGE: Schema = one_of(*(one.value for one in AT_HOME))
PROCESS_TYPE: Schema = one_of("normal", "priority")

_FIELDS: dict[str, Schema] = {
    "name": WRITTEN,
    "content": WRITTEN,
    "subject": described(WRITTEN, "Of emails and letters, which must have one."),
    "process_type": PROCESS_TYPE,
    "postage": described(or_null(POSTAGE), "Of letters."),
    "letter_contact_block": described(or_null(WRITTEN), "Of letters."),
    "has_unsubscribe_link": described(FLAG, "Whether its emails end with a link by which one gets no more of them."),
    "created_by": CREATED_BY,
}

CREATE_TEMPLATE = an_object({"type": KIND, **_FIELDS}, ("type", "name", "content"), title="CreateTemplate")

CHANGE_TEMPLATE = an_object(
    {
        **_FIELDS,
        "archived": FLAG,
        "version": described(VERSION, "The version this change was made of: refused when there is a newer one."),
    },
    title="ChangeTemplate",
    says="The rest stays. Other content makes the next version.",
)

LIST_TEMPLATES = an_object(
    {"type": KIND, "archived": described(one_of("true"), "Whether archived ones are listed, too.")}
)

WRITTEN_TEMPLATE = answered(
    {
        "id": UUID,
        "service_id": UUID,
        "type": KIND,
        "name": TEXT,
        "version": WHOLE,
        "subject": or_null(TEXT),
        "content": TEXT,
        "process_type": PROCESS_TYPE,
        "postage": or_null(TEXT),
        "letter_contact_block": or_null(TEXT),
        "has_unsubscribe_link": FLAG,
        "archived": FLAG,
        "created_at": MOMENT,
        "updated_at": or_null(MOMENT),
        "created_by": described(or_null(TEXT), "The author's email address."),
    },
    title="WrittenTemplate",
)

WRITTEN_TEMPLATES = answered({"templates": a_list(WRITTEN_TEMPLATE)}, title="WrittenTemplates")

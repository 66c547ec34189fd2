"""Templates: other content makes the next version, anything else changes the current one."""

from collections.abc import Mapping
from typing import Any

from notify_core.accounts.model import Service
from notify_core.housekeeping.use_cases.provisioning.applying import Applying
from notify_core.housekeeping.use_cases.provisioning.reading import (
    Reader,
    Table,
    choice,
    flag,
    number,
    one_of,
    text,
    uuid,
)
from notify_core.housekeeping.use_cases.templates import store_template
from notify_core.kernel.errors import InvalidValue, NotAllowed, NotFound
from notify_core.kernel.ids import TemplateId
from notify_core.letters.policies import AT_HOME
from notify_core.templates.model import CONTENT, ProcessType, Template, TemplateType
from notify_core.templates.policies import check_subject, check_unsubscribe_link

_TEMPLATE: Mapping[str, Reader] = {
    "id": uuid,
    "name": text,
    "type": choice(TemplateType),
    "subject": text,
    "content": text,
    "version": number(1),
    "process_type": choice(ProcessType),
    "postage": one_of(AT_HOME),
    "letter_contact_block": text,
    "has_unsubscribe_link": flag,
    "archived": flag,
}
_PLAIN_FIELDS = ("name", "process_type", "archived")


def apply_template(applying: Applying, service: Service, table: Table) -> None:
    given = table.read(_TEMPLATE, required=("name", "type", "content"))
    _check(table, given)
    before = _existing(applying, service, given)
    template = _new(applying, service, given) if before is None else _changed(applying, table, before, given)
    store_template(applying, before, template)


def _check(table: Table, given: Mapping[str, Any]) -> None:
    try:
        check_subject(given["type"], given.get("subject"))
    except InvalidValue as error:
        raise InvalidValue(f"{table.at('subject')}: {error}") from None
    try:
        check_unsubscribe_link(given["type"], has_link=given.get("has_unsubscribe_link", False))
    except NotAllowed as error:
        raise InvalidValue(f"{table.at('has_unsubscribe_link')}: {error}") from None


def _existing(applying: Applying, service: Service, given: Mapping[str, Any]) -> Template | None:
    if "id" not in given:
        own = applying.work.templates.of_service(service.id, given["type"])
        return next((template for template in own if template.name == given["name"]), None)
    try:
        return applying.work.templates.get(service.id, TemplateId(given["id"]))
    except NotFound:
        return None


def _new(applying: Applying, service: Service, given: Mapping[str, Any]) -> Template:
    return Template(
        id=TemplateId(given.get("id") or applying.random.uuid()),
        service_id=service.id,
        type=given["type"],
        version=given.get("version", 1),
        created_at=applying.now,
        **_fields(given),
    )


def _changed(applying: Applying, table: Table, before: Template, given: Mapping[str, Any]) -> Template:
    if given["type"] is not before.type:
        raise InvalidValue(f"{table.at('type')}: a template stays {before.type}")
    # A version in the file may be behind: then the file was changed, and its number was not.
    return before.changed(_fields(given), applying.now, version=given.get("version", 1))


def _fields(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in (*_PLAIN_FIELDS, *CONTENT) if name in given}

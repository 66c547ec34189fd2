"""Templates: other content makes the next version, anything else changes the current one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from notify_core.accounts.model import Service
from notify_core.housekeeping.use_cases.provisioning.applying import Applying
from notify_core.housekeeping.use_cases.provisioning.reading import Reader, Table, choice, flag, number, text, uuid
from notify_core.kernel.errors import InvalidValue, NotFound
from notify_core.kernel.ids import TemplateId
from notify_core.templates.model import ProcessType, Template, TemplateType

_TEMPLATE: Mapping[str, Reader] = {
    "id": uuid,
    "name": text,
    "type": choice(TemplateType),
    "subject": text,
    "content": text,
    "version": number(1),
    "process_type": choice(ProcessType),
    "postage": text,
    "letter_contact_block": text,
    "archived": flag,
}
_WITH_SUBJECT = frozenset({TemplateType.EMAIL, TemplateType.LETTER})
_PLAIN_FIELDS = ("name", "process_type", "archived")
_CONTENT_FIELDS = ("subject", "content", "postage", "letter_contact_block")


def apply_template(applying: Applying, service: Service, table: Table) -> None:
    given = table.read(_TEMPLATE, required=("name", "type", "content"))
    _check_subject(table, given)
    before = _existing(applying, service, given)
    if before is None:
        template = _new(applying, service, given)
        applying.changed("template created", template.id)
    elif (template := _changed(applying, table, before, given)) == before:
        return
    else:
        applying.changed(f"template changed to version {template.version}:", template.id)
    applying.work.templates.put(template)


def _check_subject(table: Table, given: Mapping[str, Any]) -> None:
    if given["type"] in _WITH_SUBJECT and "subject" not in given:
        raise InvalidValue(f"{table.at('subject')}: is missing")
    if given["type"] not in _WITH_SUBJECT and "subject" in given:
        raise InvalidValue(f"{table.at('subject')}: a template of type {given['type']} has none")


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
        **_given(given, (*_PLAIN_FIELDS, *_CONTENT_FIELDS)),
    )


def _changed(applying: Applying, table: Table, before: Template, given: Mapping[str, Any]) -> Template:
    if given["type"] is not before.type:
        raise InvalidValue(f"{table.at('type')}: a template stays {before.type}")
    plain = replace(before, **_given(given, _PLAIN_FIELDS))
    template = replace(plain, **_given(given, _CONTENT_FIELDS))
    # A version in the file may be behind: then the file was changed, and its number was not.
    following = max(before.version + 1, given.get("version", 1)) if template != plain else before.version
    if template == before:
        return before
    return replace(template, version=following, updated_at=applying.now)


def _given(given: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}

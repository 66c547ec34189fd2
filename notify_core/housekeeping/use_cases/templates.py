"""Writing templates. Accounts, which know the author and the audit log, and templates are strangers to each other."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from notify_core.accounts.use_cases.acting import Acting, Actor
from notify_core.housekeeping.ports import ProvisioningWork
from notify_core.kernel.errors import Conflict, InvalidValue, NotFound
from notify_core.kernel.ids import ServiceId, TemplateId, UserId
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.templates.model import Template, TemplateType
from notify_core.templates.policies import check_subject, check_unsubscribe_link


@dataclass
class Writing(Acting):
    """A change under way, of templates too."""

    work: ProvisioningWork


@dataclass(frozen=True)
class _WritesTemplate:
    work: UnitOfWorkFactory[ProvisioningWork]
    clock: Clock
    random: RandomSource

    @contextmanager
    def writing(self, service_id: ServiceId, actor: Actor) -> Iterator[Writing]:
        """Committed when the block ends without an error; templates of one service are written one after the other.

        :raises NotFound: no such service.
        """
        with self.work() as work:
            work.services.get_for_change(service_id)
            yield Writing(work, self.random, self.clock.now(), actor)
            work.commit()


@dataclass(frozen=True)
class CreateTemplate(_WritesTemplate):
    """A new template; ``given`` are its fields, by name: ``name``, ``type`` and ``content`` at least.

    :raises NotFound: no such service.
    :raises InvalidValue: it must have a subject, or must have none.
    """

    def __call__(self, service_id: ServiceId, given: Mapping[str, Any], actor: Actor) -> Template:
        with self.writing(service_id, actor) as writing:
            template = Template(
                id=TemplateId(self.random.uuid()),
                service_id=service_id,
                version=1,
                created_at=writing.now,
                created_by=_author(writing),
                **given,
            )
            _check(template)
            store_template(writing, None, template)
            return template


@dataclass(frozen=True)
class ChangeTemplate(_WritesTemplate):
    """The template with the fields that are ``given``. Its author is whoever wrote the content that it has now.
    ``of_version``: the version that the change was made of; None: whichever is current.

    :raises NotFound: no such service, or it has no such template.
    :raises InvalidValue: it must have a subject, or must have none.
    :raises Conflict: there is a newer version than ``of_version``.
    """

    def __call__(
        self,
        service_id: ServiceId,
        template_id: TemplateId,
        given: Mapping[str, Any],
        actor: Actor,
        of_version: int | None = None,
    ) -> Template:
        with self.writing(service_id, actor) as writing:
            before = writing.work.templates.get(service_id, template_id)
            if of_version not in {None, before.version}:
                raise Conflict(f"Template has been changed meanwhile: its version is {before.version}")
            template = before.changed(given, writing.now)
            if template.version != before.version:
                template = replace(template, created_by=_author(writing))
            _check(template)
            store_template(writing, before, template)
            return template


@dataclass(frozen=True)
class ListAllTemplates:
    """The service's templates by name, as a rule those that are not archived.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[ProvisioningWork]

    def __call__(
        self, service_id: ServiceId, kind: TemplateType | None = None, *, with_archived: bool = False
    ) -> Sequence[Template]:
        with self.work(read_only=True) as work:
            work.services.get(service_id)
            return work.templates.of_service(service_id, kind, with_archived=with_archived)


def store_template(writing: Writing, before: Template | None, template: Template) -> None:
    """Store what ``before`` became, where it is another."""
    if template == before:
        return
    writing.work.templates.put(template)
    writing.changed(_what(before, template), template.id)


def _what(before: Template | None, template: Template) -> str:
    if before is None:
        return "template created"
    if before.archived is not template.archived:
        return "template archived" if template.archived else "template restored"
    return f"template changed to version {template.version}:"


def _check(template: Template) -> None:
    try:
        check_subject(template.type, template.subject)
    except InvalidValue as error:
        raise InvalidValue(f"subject: {error}") from None
    check_unsubscribe_link(template.type, has_link=template.has_unsubscribe_link)


def _author(writing: Writing) -> str | None:
    """Their email address, which is what readers of a template are told."""
    try:
        return writing.work.users.get(UserId(UUID(writing.actor.who))).email_address
    except (ValueError, NotFound):
        return None

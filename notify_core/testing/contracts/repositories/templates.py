"""Templates and their versions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.templates.model import ProcessType, TemplateType
from notify_core.templates.ports import TemplatesWork
from notify_core.testing.builders import NOON, a_template, an_id

Storage = UnitOfWorkFactory[TemplatesWork]


class TemplatesContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_a_template_comes_back_as_it_was_put(self, storage: Storage) -> None:
        template = a_template(
            name="Llifogydd ŵŷ",
            type=TemplateType.EMAIL,
            content="# Annwyl ((enw))\n\n“River” 🌊",
            subject="((enw))",
            updated_at=NOON + timedelta(minutes=1),
            created_by="ada@example.gov.uk",
            process_type=ProcessType.PRIORITY,
            postage="second",
            letter_contact_block="1 The Street",
            archived=True,
        )
        with storage() as work:
            work.templates.put(template)
            work.commit()
        with storage(read_only=True) as work:
            assert work.templates.get(template.service_id, template.id) == template

    def test_the_highest_version_is_current_and_all_stay_readable(self, storage: Storage) -> None:
        first = a_template()
        second, third = (replace(first, version=version, content=f"version {version}") for version in (2, 3))
        with storage() as work:
            # Not in order, as an import may bring them.
            for template in (first, third, second):
                work.templates.put(template)
            work.commit()
        with storage(read_only=True) as work:
            assert work.templates.get(first.service_id, first.id) == third
            assert work.templates.get(first.service_id, first.id, 1) == first
            assert work.templates.get(first.service_id, first.id, 2) == second

    def test_a_repeated_version_replaces(self, storage: Storage) -> None:
        template = a_template(subject="gone")
        changed = replace(template, content="Corrected", subject=None)
        with storage() as work:
            work.templates.put(template)
            work.templates.put(changed)
            work.commit()
        with storage(read_only=True) as work:
            assert work.templates.get(template.service_id, template.id, 1) == changed

    def test_what_the_service_has_not_is_not_found(self, storage: Storage) -> None:
        template = a_template()
        with storage() as work:
            work.templates.put(template)
            work.commit()
        with storage(read_only=True) as work:
            with pytest.raises(NotFound):
                work.templates.get(template.service_id, a_template().id)
            with pytest.raises(NotFound):
                work.templates.get(template.service_id, template.id, 2)
            with pytest.raises(NotFound):
                work.templates.get(ServiceId(an_id()), template.id)
            with pytest.raises(NotFound):
                work.templates.get(ServiceId(an_id()), template.id, 1)

    def test_current_templates_are_listed_by_name_without_archived_ones(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        sms = a_template(service_id=service, name="beta")
        newer = replace(sms, version=2, name="Alpha")
        email = a_template(service_id=service, name="gamma", type=TemplateType.EMAIL, subject="s")
        archived = a_template(service_id=service, name="old")
        with storage() as work:
            for template in (sms, newer, email, archived, replace(archived, version=2, archived=True), a_template()):
                work.templates.put(template)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.templates.of_service(service)) == [newer, email]
            assert list(work.templates.of_service(service, TemplateType.EMAIL)) == [email]
            assert list(work.templates.of_service(service, TemplateType.LETTER)) == []
            everything = [newer, email, replace(archived, version=2, archived=True)]
            assert list(work.templates.of_service(service, with_archived=True)) == everything
            assert list(work.templates.of_service(service, TemplateType.EMAIL, with_archived=True)) == [email]

    def test_versions_are_listed_the_newest_first(self, storage: Storage) -> None:
        first = a_template()
        second, third = (replace(first, version=version, archived=version == 3) for version in (2, 3))
        with storage() as work:
            for template in (second, third, first, a_template(service_id=first.service_id)):
                work.templates.put(template)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.templates.versions(first.service_id, first.id)) == [third, second, first]
            assert list(work.templates.versions(ServiceId(an_id()), first.id)) == []
            assert list(work.templates.versions(first.service_id, a_template().id)) == []

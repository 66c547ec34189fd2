"""A letter made of a template, on the real parts of one machine."""

import pytest

from notify_core.accounts.model import KeyType
from notify_core.letters.model import Bucket
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.rendering import MakeLetterPdf, SimulatePrinting
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import a_letter, a_service, a_template
from notify_entrypoints.containers import Container, migrate
from notify_entrypoints.settings import load_settings
from tests.integration.letters.reading import read


@pytest.fixture
def container(tmp_path):
    container = Container(settings=load_settings({"NOTIFY_DATA_DIR": str(tmp_path)}))
    migrate(container)
    yield container
    container.engine().dispose()


@pytest.fixture
def accepted(container):
    def accept(**changes):
        service = a_service()
        template = a_template(
            service_id=service.id,
            type=TemplateType.LETTER,
            subject="Annwyl ((name))",
            content="Mae'r ŵyl ar y ffordd.",
            letter_contact_block="Cyngor Dref",
        )
        letter = a_letter(service_id=service.id, template_id=template.id, personalisation={"name": "Siân"}, **changes)
        with container.work()() as work:
            work.services.put(service)
            work.templates.put(template)
            work.letters.add_many([letter])
            work.commit()
        return letter

    return accept


def stored(container, letter):
    with container.work()(read_only=True) as work:
        return work.letters.get(letter.id)


def test_a_letter_waits_for_the_print_run_with_its_pdf(container, accepted):
    letter = accepted()
    container.run_now()(MakeLetterPdf(letter.id))
    found = stored(container, letter)
    pdf = container.letter_store().get(found.pdf.bucket, found.pdf.key)
    assert (found.status, found.pages, found.sheets, found.pdf_bytes) == (LetterStatus.CREATED, 1, 1, len(pdf))
    (page,) = read(pdf)
    assert "Annwyl Siân" in page.text
    assert "Mae'r ŵyl ar y ffordd." in page.text


def test_a_letter_of_a_test_key_goes_to_the_printer_that_is_none(container, accepted):
    letter = accepted(key_type=KeyType.TEST)
    container.run_now()(MakeLetterPdf(letter.id))
    on_its_way = stored(container, letter)
    container.run_now()(SimulatePrinting(letter.id))
    assert (on_its_way.status, on_its_way.pdf.bucket, on_its_way.sheets) == (LetterStatus.SENDING, Bucket.TEST, 0)
    assert stored(container, letter).status is LetterStatus.DELIVERED

import pytest

from notify_core.kernel.errors import InvalidValue, NotAllowed, NotFound
from notify_core.templates.model import EmailMessage, LetterMessage, SmsMessage, TemplateType, TextMessage
from notify_core.templates.use_cases import (
    GetTemplate,
    ListTemplates,
    ListTemplateVersions,
    PreviewTemplate,
    template_for_sending,
)
from notify_core.testing.builders import a_template, an_id
from notify_core.testing.fakes.unit_of_work import MemoryStorage

SERVICE = an_id()


@pytest.fixture
def work():
    return MemoryStorage()


def keep(work, **facts):
    template = a_template(service_id=SERVICE, **facts)
    with work() as open_work:
        open_work.templates.put(template)
        open_work.commit()
    return template


def test_every_version_stays_readable(work):
    first = keep(work, content="first", version=1)
    second = keep(work, id=first.id, content="second", version=2)
    assert GetTemplate(work)(SERVICE, first.id) == second
    assert GetTemplate(work)(SERVICE, first.id, 1) == first
    with pytest.raises(NotFound):
        GetTemplate(work)(SERVICE, first.id, 3)
    with pytest.raises(NotFound):
        GetTemplate(work)(an_id(), first.id)


def test_the_history_of_a_template(work):
    first = keep(work, version=1)
    second = keep(work, id=first.id, version=2, archived=True)
    assert list(ListTemplateVersions(work)(SERVICE, first.id)) == [second, first]
    for service, template in ((an_id(), first.id), (SERVICE, an_id())):
        with pytest.raises(NotFound):
            ListTemplateVersions(work)(service, template)


def test_templates_are_listed_by_channel_or_all(work):
    sms = keep(work, name="a", type=TemplateType.SMS)
    email = keep(work, name="b", type=TemplateType.EMAIL, subject="s")
    keep(work, name="c", archived=True)
    assert list(ListTemplates(work)(SERVICE)) == [sms, email]
    assert list(ListTemplates(work)(SERVICE, TemplateType.EMAIL)) == [email]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (TemplateType.SMS, SmsMessage),
        (TemplateType.EMAIL, EmailMessage),
        (TemplateType.LETTER, LetterMessage),
        (TemplateType.BROADCAST, TextMessage),
    ],
)
def test_a_preview_shows_the_message(work, kind, message):
    template = keep(work, type=kind, subject="About ((it))", content="Dear ((name)) ,\nbring ((it))")
    preview = PreviewTemplate(work)(SERVICE, template.id, {"NAME": "Ada", "it": 2})
    assert preview.template == template
    assert isinstance(preview.message, message)
    assert preview.message.body == "Dear Ada,\nbring 2"
    assert getattr(preview.message, "subject", None) == (
        "About 2" if kind in {TemplateType.EMAIL, TemplateType.LETTER} else None
    )


def test_a_preview_needs_all_personalisation_of_the_right_kind(work):
    template = keep(work, type=TemplateType.EMAIL, subject="((a))", content="((b))")
    with pytest.raises(NotAllowed, match=r"^Missing personalisation: a, b$"):
        PreviewTemplate(work)(SERVICE, template.id, {})
    with pytest.raises(InvalidValue, match="personalisation a must be"):
        PreviewTemplate(work)(SERVICE, template.id, {"a": {}, "b": 1})


def test_messages_are_made_of_a_template_that_exists_and_fits(work):
    template = keep(work, type=TemplateType.SMS)
    gone = keep(work, type=TemplateType.SMS, archived=True)
    with work(read_only=True) as open_work:
        assert template_for_sending(open_work, SERVICE, template.id, TemplateType.SMS) == template
        with pytest.raises(NotAllowed, match=r"^Template not found$"):
            template_for_sending(open_work, SERVICE, an_id(), TemplateType.SMS)
        with pytest.raises(NotAllowed, match=r"^Template has been deleted$"):
            template_for_sending(open_work, SERVICE, gone.id, TemplateType.SMS)

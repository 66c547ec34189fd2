"""Writing templates."""

from datetime import timedelta

import pytest

from notify_core.accounts.use_cases.acting import Actor
from notify_core.housekeeping.use_cases.templates import ChangeTemplate, CreateTemplate, ListAllTemplates
from notify_core.kernel.errors import Conflict, InvalidValue, NotAllowed, NotFound
from notify_core.templates.model import ProcessType, TemplateType
from notify_core.templates.use_cases import GetTemplate
from notify_core.testing.builders import a_service, a_user, an_id

TEXT = {"name": "Book ready", "type": TemplateType.SMS, "content": "Dear ((name))"}
EMAIL = {**TEXT, "type": TemplateType.EMAIL, "subject": "Your book"}
SOMEBODY = Actor("notify-admin", "http")


@pytest.fixture
def service(notify):
    service = a_service()
    notify.put(service)
    return service


@pytest.fixture
def ada(notify):
    ada = a_user(email_address="ada@example.gov.uk")
    notify.put(ada)
    return Actor(str(ada.id), "http")


@pytest.fixture
def audited(notify):
    def read(template):
        with notify.work(read_only=True) as work:
            return [(entry.who, entry.what) for entry in work.audit.about(str(template.id))]

    return read


def test_a_template_knows_its_author(notify, service, ada, audited):
    made = notify.use(CreateTemplate)(service.id, TEXT, ada)
    assert (made.version, made.created_by, made.created_at) == (1, "ada@example.gov.uk", notify.clock.now())
    assert notify.use(GetTemplate)(service.id, made.id) == made
    assert audited(made) == [(ada.who, "template created")]


@pytest.mark.parametrize("who", [SOMEBODY, Actor(f"{an_id()}", "http")])
def test_an_author_whom_nobody_knows_is_none(notify, service, who):
    assert notify.use(CreateTemplate)(service.id, TEXT, who).created_by is None


def test_other_content_makes_the_next_version_by_its_author(notify, service, ada, audited):
    made = notify.use(CreateTemplate)(service.id, EMAIL, SOMEBODY)
    notify.advance(timedelta(days=1))
    changed = notify.use(ChangeTemplate)(service.id, made.id, {"content": "Hello", "name": "Book"}, ada)
    assert (changed.version, changed.created_by, changed.subject) == (2, "ada@example.gov.uk", "Your book")
    assert (changed.created_at, changed.updated_at) == (made.created_at, notify.clock.now())
    assert notify.use(GetTemplate)(service.id, made.id, 1) == made
    assert audited(made)[-1] == (ada.who, "template changed to version 2:")


def test_a_new_name_or_priority_changes_the_version_that_there_is(notify, service, ada):
    made = notify.use(CreateTemplate)(service.id, TEXT, SOMEBODY)
    given = {"name": "Book", "process_type": ProcessType.PRIORITY}
    changed = notify.use(ChangeTemplate)(service.id, made.id, given, ada)
    assert (changed.version, changed.name, changed.created_by) == (1, "Book", None)


def test_what_is_so_already_changes_nothing(notify, service, ada, audited):
    made = notify.use(CreateTemplate)(service.id, TEXT, ada)
    assert notify.use(ChangeTemplate)(service.id, made.id, {"content": TEXT["content"]}, ada) == made
    assert len(audited(made)) == 1


def test_two_who_change_the_same_version_do_not_undo_each_other(notify, service, ada):
    made = notify.use(CreateTemplate)(service.id, TEXT, ada)
    change = notify.use(ChangeTemplate)
    change(service.id, made.id, {"content": "first"}, ada, of_version=1)
    with pytest.raises(Conflict, match="Template has been changed meanwhile: its version is 2"):
        change(service.id, made.id, {"content": "second"}, ada, of_version=1)
    assert notify.use(GetTemplate)(service.id, made.id).content == "first"


def test_an_archived_template_is_listed_only_when_asked_for(notify, service, ada, audited):
    made = notify.use(CreateTemplate)(service.id, TEXT, ada)
    listed, change = notify.use(ListAllTemplates), notify.use(ChangeTemplate)
    archived = change(service.id, made.id, {"archived": True}, ada)
    assert listed(service.id) == []
    assert listed(service.id, with_archived=True) == [archived]
    assert listed(service.id, TemplateType.EMAIL, with_archived=True) == []
    change(service.id, made.id, {"archived": False}, ada)
    assert [what for _, what in audited(made)] == ["template created", "template archived", "template restored"]


def test_emails_and_letters_have_a_subject_and_others_have_none(notify, service, ada):
    create = notify.use(CreateTemplate)
    with pytest.raises(InvalidValue, match=r"^subject: is missing$"):
        create(service.id, {**TEXT, "type": TemplateType.LETTER}, ada)
    with pytest.raises(InvalidValue, match=r"^subject: a template of type sms has none$"):
        create(service.id, {**TEXT, "subject": "Your book"}, ada)
    text = create(service.id, TEXT, ada)
    with pytest.raises(InvalidValue, match="has none"):
        notify.use(ChangeTemplate)(service.id, text.id, {"subject": "Your book"}, ada)


def test_only_emails_end_with_an_unsubscribe_link(notify, service, ada):
    create = notify.use(CreateTemplate)
    assert create(service.id, {**EMAIL, "has_unsubscribe_link": True}, ada).has_unsubscribe_link
    with pytest.raises(NotAllowed, match="a template of type sms has no unsubscribe link"):
        create(service.id, {**TEXT, "has_unsubscribe_link": True}, ada)


def test_what_there_is_not(notify, service, ada):
    made = notify.use(CreateTemplate)(service.id, TEXT, ada)
    for missing in (
        lambda: notify.use(CreateTemplate)(an_id(), TEXT, ada),
        lambda: notify.use(ListAllTemplates)(an_id()),
        lambda: notify.use(ChangeTemplate)(service.id, an_id(), {"name": "x"}, ada),
        lambda: notify.use(ChangeTemplate)(an_id(), made.id, {"name": "x"}, ada),
    ):
        with pytest.raises(NotFound):
            missing()

"""Several requests of an admin application at the same moment: each is met, or told that another was first."""

from uuid import uuid4

import pytest

from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.accounts.model import KeyType
from notify_core.accounts.use_cases.acting import OPERATOR
from notify_core.accounts.use_cases.api_keys import IssueApiKey, ListApiKeys, RevokeApiKey, RotateApiKey
from notify_core.accounts.use_cases.people import ListMembers, RemoveMember
from notify_core.accounts.use_cases.services import CreateService
from notify_core.accounts.use_cases.sms_senders import AddSmsSender, ListSmsSenders
from notify_core.housekeeping.use_cases.templates import ChangeTemplate, CreateTemplate
from notify_core.kernel.errors import NotifyError
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON, a_service, a_user
from notify_core.testing.contracts.racing import race
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.secrets import MemorySecrets

RUNNERS = 4


@pytest.fixture(params=["sqlite_engine", "postgresql_engine"])
def storage(request):
    return SqlStorage(request.getfixturevalue(request.param), MemorySecrets())


@pytest.fixture
def use(storage):
    random = SeededRandom()
    return lambda kind: kind(storage, FakeClock(NOON), random)


@pytest.fixture
def service(storage):
    service = a_service(name="Library")
    with storage() as work:
        work.services.put(service)
        work.commit()
    return service


def all_at_once(action):
    """How many were met, and what the others were told."""

    def attempt(number):
        try:
            action(number)
        except NotifyError as error:
            return str(error)
        return None

    said = race(attempt, RUNNERS)
    return said.count(None), {text for text in said if text is not None}


def test_a_key_of_one_name_is_made_once(storage, use, service):
    issue = use(IssueApiKey)
    met, said = all_at_once(lambda _: issue(service.id, "website", KeyType.NORMAL))
    assert (met, said) == (1, {"service Library has an API key named website already"})
    assert len(ListApiKeys(storage)(service.id)) == 1


def test_a_key_that_is_revoked_with_its_rotation_has_one_successor(storage, use, service):
    key = use(IssueApiKey)(service.id, "website", KeyType.NORMAL).key
    rotate = use(RotateApiKey)
    met, said = all_at_once(lambda _: rotate(key.id, service.id, revoke_old=True))
    assert (met, said) == (1, {"API key website is revoked; create a new one"})
    assert len(ListApiKeys(storage)(service.id)) == 2


def test_a_key_is_revoked_once(storage, use, service):
    key = use(IssueApiKey)(service.id, "website", KeyType.NORMAL).key
    revoke = RevokeApiKey(storage, FakeClock(NOON))
    met, _ = all_at_once(lambda _: revoke(key.id))
    with storage(read_only=True) as work:
        told = [entry for entry in work.audit.about(str(key.id)) if entry.what == "api key revoked"]
    assert (met, len(told)) == (RUNNERS, 1)


def test_one_service_is_made_of_one_id(use):
    given, create = uuid4(), use(CreateService)
    met, said = all_at_once(lambda number: create({"name": f"{number}"}, OPERATOR, given))
    assert (met, said) == (1, {f"service {given} exists already"})


def test_of_changes_to_one_version_one_counts(storage, use, service):
    text = {"name": "Book ready", "type": TemplateType.SMS, "content": "Hello"}
    template = use(CreateTemplate)(service.id, text, OPERATOR)
    change = use(ChangeTemplate)
    met, said = all_at_once(
        lambda number: change(service.id, template.id, {"content": f"{number}"}, OPERATOR, of_version=1)
    )
    assert (met, said) == (1, {"Template has been changed meanwhile: its version is 2"})
    with storage(read_only=True) as work:
        assert [one.version for one in work.templates.versions(service.id, template.id)] == [2, 1]


def test_changes_to_whichever_version_is_current_all_make_one(storage, use, service):
    text = {"name": "Book ready", "type": TemplateType.SMS, "content": "Hello"}
    template = use(CreateTemplate)(service.id, text, OPERATOR)
    change = use(ChangeTemplate)
    met, _ = all_at_once(lambda number: change(service.id, template.id, {"content": f"{number}"}, OPERATOR))
    assert met == RUNNERS
    with storage(read_only=True) as work:
        assert work.templates.get(service.id, template.id).version == RUNNERS + 1


def test_there_is_one_default_sender(storage, use, service):
    add = use(AddSmsSender)
    met, _ = all_at_once(lambda number: add(service.id, {"sms_sender": f"S{number}", "is_default": True}, OPERATOR))
    assert met == RUNNERS
    assert [one.is_default for one in ListSmsSenders(storage)(service.id)] == [True] + [False] * (RUNNERS - 1)


def test_somebody_stays_in_the_team(storage, use, service):
    people = [a_user(name=f"{number}") for number in range(RUNNERS)]
    with storage() as work:
        for person in people:
            work.users.put(person)
            work.users.add_to_service(person.id, service.id)
        work.commit()
    remove = use(RemoveMember)
    met, said = all_at_once(lambda number: remove(service.id, people[number].id, OPERATOR))
    assert (met, said) == (RUNNERS - 1, {"You cannot remove the only user for a service"})
    assert len(ListMembers(storage)(service.id)) == 1

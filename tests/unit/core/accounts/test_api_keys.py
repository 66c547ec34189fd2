"""Issuing, rotating and revoking API keys."""

from uuid import uuid4

import pytest

from notify_core.accounts.model import KeyType
from notify_core.accounts.use_cases.api_keys import IssueApiKey, ListApiKeys, RevokeApiKey, RotateApiKey
from notify_core.kernel.errors import AlreadyExists, NotAllowed, NotFound
from notify_core.testing.builders import a_service


@pytest.fixture
def service(notify):
    service = a_service(name="Library")
    notify.put(service)
    return service


def audited(notify, key):
    with notify.work(read_only=True) as work:
        return [entry.what for entry in work.audit.about(str(key.id))]


def test_a_key_is_shown_once_in_the_form_that_clients_take_apart(notify, service):
    issued = notify.use(IssueApiKey)(service.id, "website", KeyType.TEAM)
    assert issued.text == f"website-{service.id}-{issued.key.secret}"
    assert issued.key.key_type is KeyType.TEAM
    assert notify.use(ListApiKeys)(service.id) == [issued.key]
    assert audited(notify, issued.key) == ["api key created"]


def test_two_active_keys_of_one_name_would_be_mistaken_for_each_other(notify, service):
    first = notify.use(IssueApiKey)(service.id, "website", KeyType.NORMAL)
    with pytest.raises(AlreadyExists, match="has an API key named website already"):
        notify.use(IssueApiKey)(service.id, "website", KeyType.NORMAL)
    notify.use(RevokeApiKey)(first.key.id)
    assert notify.use(IssueApiKey)(service.id, "website", KeyType.NORMAL).key.name == "website"


def test_a_service_nobody_knows_gets_no_key(notify):
    with pytest.raises(NotFound):
        notify.use(IssueApiKey)(uuid4(), "website", KeyType.NORMAL)


def test_both_keys_work_while_clients_move(notify, service):
    old = notify.use(IssueApiKey)(service.id, "website", KeyType.TEST)
    new = notify.use(RotateApiKey)(old.key.id)
    assert (new.key.name, new.key.key_type) == ("website", KeyType.TEST)
    assert new.key.secret != old.key.secret
    assert {key.id for key in notify.use(ListApiKeys)(service.id) if key.revoked_at is None} == {old.key.id, new.key.id}
    assert audited(notify, new.key) == [f"api key created in place of {old.key.id}"]


def test_a_key_in_wrong_hands_is_replaced_and_revoked_at_once(notify, service):
    old = notify.use(IssueApiKey)(service.id, "website", KeyType.NORMAL)
    new = notify.use(RotateApiKey)(old.key.id, revoke_old=True)
    assert {key.id for key in notify.use(ListApiKeys)(service.id) if key.revoked_at is None} == {new.key.id}
    assert audited(notify, old.key) == ["api key created", "api key revoked"]


def test_a_revoked_key_has_no_successor(notify, service):
    key = notify.use(IssueApiKey)(service.id, "website", KeyType.NORMAL).key
    notify.use(RevokeApiKey)(key.id)
    with pytest.raises(NotAllowed, match="is revoked; create a new one"):
        notify.use(RotateApiKey)(key.id)


def test_revoking_twice_changes_nothing_more(notify, service):
    key = notify.use(IssueApiKey)(service.id, "website", KeyType.NORMAL).key
    first = notify.use(RevokeApiKey)(key.id)
    assert notify.use(RevokeApiKey)(key.id) == first
    assert audited(notify, key) == ["api key created", "api key revoked"]


def test_a_key_of_another_service_is_none_of_this_one(notify, service):
    issued = notify.use(IssueApiKey)(service.id, "website", KeyType.NORMAL)
    other = uuid4()
    for change in (RevokeApiKey, RotateApiKey):
        with pytest.raises(NotFound, match=f"service {other} has no API key {issued.key.id}"):
            notify.use(change)(issued.key.id, other)
    assert notify.use(RevokeApiKey)(issued.key.id, service.id).revoked_at == notify.clock.now()

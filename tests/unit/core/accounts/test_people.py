"""The people of a service's team."""

import pytest

from notify_core.accounts.use_cases.people import AddKnownMember, AddMember, ListMembers, RemoveMember
from notify_core.kernel.errors import NotAllowed, NotFound
from notify_core.testing.builders import a_service, a_user, an_id

ADA = {"name": "Ada", "email_address": "Ada@example.gov.uk"}


def test_a_person_is_known_by_their_address(notify, actor, service, audited):
    other = a_service()
    notify.put(other)
    ada = notify.use(AddMember)(service.id, ADA, actor)
    again = notify.use(AddMember)(other.id, ADA | {"email_address": "ada@EXAMPLE.gov.uk", "name": "Ada L"}, actor)
    assert again.id == ada.id
    assert notify.use(ListMembers)(service.id) == [again] == notify.use(ListMembers)(other.id)
    assert audited(ada.id) == ["user stored", "user stored"]
    assert audited(other.id) == [f"user {ada.id} added to the team of"]


def test_an_id_that_is_given_counts(notify, actor, service, audited):
    given = an_id()
    for name in ("Ada", "Ada L", "Ada L"):
        notify.use(AddMember)(service.id, ADA | {"name": name}, actor, given)
    (ada,) = notify.use(ListMembers)(service.id)
    assert (ada.id, ada.name) == (given, "Ada L")
    assert audited(given) == ["user stored", "user stored"]
    assert audited(service.id) == [f"user {given} added to the team of"]


def test_somebody_who_is_known_joins_another_team(notify, actor, service, audited):
    grace = a_user(name="Grace")
    notify.put(grace)
    for _ in range(2):
        assert notify.use(AddKnownMember)(service.id, grace.id, actor) == grace
    assert notify.use(ListMembers)(service.id) == [grace]
    assert audited(service.id) == [f"user {grace.id} added to the team of"]
    with pytest.raises(NotFound):
        notify.use(AddKnownMember)(service.id, an_id(), actor)


def test_one_leaves_and_the_last_one_stays(notify, actor, service, audited):
    ada, grace = (
        notify.use(AddMember)(service.id, {"name": name, "email_address": f"{name}@example.gov.uk"}, actor)
        for name in ("ada", "grace")
    )
    remove = notify.use(RemoveMember)
    remove(service.id, ada.id, actor)
    assert notify.use(ListMembers)(service.id) == [grace]
    with pytest.raises(NotFound, match=f"has no user {ada.id}"):
        remove(service.id, ada.id, actor)
    with pytest.raises(NotAllowed, match="You cannot remove the only user for a service"):
        remove(service.id, grace.id, actor)
    assert audited(service.id)[-1] == f"user {ada.id} removed from the team of"

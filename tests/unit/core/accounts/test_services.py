"""Services themselves."""

from datetime import timedelta

import pytest

from notify_core.accounts.model import Permission
from notify_core.accounts.use_cases.services import ChangeService, CreateService, GetService, ListServices
from notify_core.kernel.errors import AlreadyExists, NotFound
from notify_core.testing.builders import an_id


def test_a_new_service_is_in_trial_mode_and_has_an_id_of_its_own(notify, actor, audited):
    made = notify.use(CreateService)({"name": "Library"}, actor)
    assert (made.restricted, made.active, made.go_live_at) == (True, True, None)
    assert notify.use(GetService)(made.id) == made
    assert notify.use(ListServices)() == [made]
    assert audited(made.id) == ["service created"]


def test_an_id_that_is_given_is_taken_once(notify, actor, audited):
    given = an_id()
    notify.use(CreateService)({"name": "Library"}, actor, given)
    with pytest.raises(AlreadyExists, match=f"service {given} exists already"):
        notify.use(CreateService)({"name": "Museum"}, actor, given)
    assert notify.use(GetService)(given).name == "Library"
    assert audited(given) == ["service created"]


def test_what_is_not_given_stays(notify, actor, service, audited):
    changed = notify.use(ChangeService)(service.id, {"permissions": frozenset({Permission.SMS})}, actor)
    assert (changed.name, changed.permissions) == ("Library", {Permission.SMS})
    assert notify.use(ChangeService)(service.id, {"name": "Library"}, actor) == changed
    assert audited(service.id) == ["service changed"]


def test_the_moment_a_service_first_went_live_is_kept(notify, actor):
    service = notify.use(CreateService)({"name": "Library"}, actor)
    change = notify.use(ChangeService)
    live = change(service.id, {"restricted": False}, actor)
    assert live.go_live_at == notify.clock.now()
    notify.advance(timedelta(days=1))
    change(service.id, {"restricted": True}, actor)
    assert change(service.id, {"restricted": False}, actor).go_live_at == live.go_live_at


def test_an_archived_service_can_be_restored(notify, actor, service, audited):
    for active in (False, True):
        notify.use(ChangeService)(service.id, {"active": active}, actor)
    assert audited(service.id) == ["service archived", "service restored"]


def test_a_service_nobody_knows(notify, actor):
    with pytest.raises(NotFound):
        notify.use(GetService)(an_id())
    with pytest.raises(NotFound):
        notify.use(ChangeService)(an_id(), {"name": "Museum"}, actor)

"""Services, their teams and settings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import BroadcastChannel, KeyType, Permission
from notify_core.accounts.ports import AccountsWork
from notify_core.kernel.errors import AlreadyExists, NotFound
from notify_core.kernel.ids import ServiceId, UserId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import (
    NOON,
    a_retention,
    a_service,
    a_user,
    an_api_key,
    an_id,
    broadcast_settings,
)
from notify_core.testing.contracts.racing import race

Storage = UnitOfWorkFactory[AccountsWork]


class _NeedsStorage:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError


class ServicesContract(_NeedsStorage):
    def test_a_service_comes_back_as_it_was_put(self, storage: Storage) -> None:
        service = a_service(
            name="Gwasanaeth llifogydd ŵŷ 🌊",
            active=False,
            restricted=True,
            permissions=frozenset({Permission.BROADCAST, Permission.SMS}),
            message_limit={"sms": 250, "email": 0},
            rate_limit=7,
            email_from="floods",
            prefix_sms=False,
            count_as_live=False,
            contact_link="https://floods.example.gov.uk/",
            go_live_at=NOON + timedelta(days=1, microseconds=1),
        )
        with storage() as work:
            work.services.put(service)
            work.commit()
        with storage(read_only=True) as work:
            assert work.services.get(service.id) == service

    def test_putting_it_again_replaces_it(self, storage: Storage) -> None:
        service = a_service(contact_link="https://old.example.gov.uk")
        changed = replace(service, name="Storm warnings", contact_link=None, permissions=frozenset())
        with storage() as work:
            work.services.put(service)
            work.services.put(changed)
            work.commit()
        with storage(read_only=True) as work:
            assert work.services.get(service.id) == changed
            assert list(work.services.all()) == [changed]

    def test_an_id_is_added_once(self, storage: Storage) -> None:
        service = a_service(message_limit={"sms": 1})
        with storage() as work:
            work.services.add(service)
            work.commit()
        with storage() as work:
            work.services.add(replace(service, name="Another"))
            with pytest.raises(AlreadyExists):
                work.commit()
        with storage(read_only=True) as work:
            assert work.services.get(service.id) == service

    def test_an_unknown_service_is_not_found(self, storage: Storage) -> None:
        with storage(read_only=True) as work, pytest.raises(NotFound):
            work.services.get(ServiceId(an_id()))

    def test_an_unknown_service_is_not_found_for_a_change_either(self, storage: Storage) -> None:
        with storage() as work, pytest.raises(NotFound):
            work.services.get_for_change(ServiceId(an_id()))

    def test_of_those_who_change_a_service_at_once_none_puts_back_what_another_has_changed(
        self, storage: Storage
    ) -> None:
        service = a_service(rate_limit=0)
        with storage() as work:
            work.services.put(service)
            work.commit()

        def change(_number: int) -> None:
            with storage() as work:
                before = work.services.get_for_change(service.id)
                work.services.put(replace(before, rate_limit=before.rate_limit + 1))
                work.commit()

        race(change)
        with storage(read_only=True) as work:
            assert work.services.get(service.id).rate_limit == 8

    def test_all_are_listed_by_name(self, storage: Storage) -> None:
        with storage() as work:
            for name in ("Émile", "beta", "Alpha", "gamma"):
                work.services.put(a_service(name=name))
            work.commit()
        with storage(read_only=True) as work:
            assert [service.name for service in work.services.all()] == ["Alpha", "beta", "gamma", "Émile"]

    def test_without_a_commit_nothing_is_stored(self, storage: Storage) -> None:
        service = a_service()
        with storage() as work:
            work.services.put(service)
            assert work.services.get(service.id) == service
        with storage(read_only=True) as work:
            assert list(work.services.all()) == []

    def test_what_the_caller_does_with_its_mapping_later_changes_nothing(self, storage: Storage) -> None:
        limits = {"sms": 1}
        service = a_service(message_limit=limits)
        with storage() as work:
            work.services.put(service)
            limits["sms"] = 2
            work.commit()
        with storage(read_only=True) as work:
            assert work.services.get(service.id).message_limit == {"sms": 1}


class UsersContract(_NeedsStorage):
    def test_a_user_comes_back_as_put_last(self, storage: Storage) -> None:
        user = a_user(name="Siân", mobile_number="+447700900001")
        changed = replace(user, name="Siân Ŵyn", mobile_number=None, platform_admin=True)
        with storage() as work:
            work.users.put(user)
            work.commit()
        with storage() as work:
            assert work.users.get(user.id) == user
            work.users.put(changed)
            work.commit()
        with storage(read_only=True) as work:
            assert work.users.get(user.id) == changed

    def test_an_unknown_user_is_not_found(self, storage: Storage) -> None:
        with storage(read_only=True) as work, pytest.raises(NotFound):
            work.users.get(UserId(an_id()))

    def test_a_team_is_listed_by_name_and_a_member_may_be_added_twice(self, storage: Storage) -> None:
        ours, other = ServiceId(an_id()), ServiceId(an_id())
        grace, ada, stranger = a_user(name="Grace"), a_user(name="ada"), a_user(name="Mallory")
        with storage() as work:
            for user in (grace, ada, stranger):
                work.users.put(user)
            for user in (grace, ada, ada):
                work.users.add_to_service(user.id, ours)
            work.users.add_to_service(stranger.id, other)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.users.members(ours)) == [ada, grace]
            assert work.users.is_member(ada.id, ours)
            assert not work.users.is_member(stranger.id, ours)
            assert not work.users.is_member(ada.id, other)

    def test_who_leaves_a_team_stays_in_the_others(self, storage: Storage) -> None:
        ours, other = ServiceId(an_id()), ServiceId(an_id())
        ada = a_user()
        with storage() as work:
            work.users.put(ada)
            for service in (ours, other):
                work.users.add_to_service(ada.id, service)
            work.commit()
        with storage() as work:
            for _ in range(2):
                work.users.remove_from_service(ada.id, ours)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.users.members(ours)) == []
            assert not work.users.is_member(ada.id, ours)
            assert list(work.users.members(other)) == [ada]


class ApiKeysContract(_NeedsStorage):
    def test_a_key_comes_back_as_put_last(self, storage: Storage) -> None:
        key = an_api_key(name="clé", secret="s3cret ŵ", key_type=KeyType.TEAM)  # noqa: S106 - made up
        revoked = replace(key, revoked_at=NOON + timedelta(hours=1))
        with storage() as work:
            work.api_keys.put(key)
            work.commit()
        with storage() as work:
            assert work.api_keys.get(key.id) == key
            work.api_keys.put(revoked)
            work.commit()
        with storage(read_only=True) as work:
            assert work.api_keys.get(key.id) == revoked

    def test_an_unknown_key_is_not_found(self, storage: Storage) -> None:
        with storage(read_only=True) as work, pytest.raises(NotFound):
            work.api_keys.get(an_api_key().id)

    def test_a_services_keys_are_listed_newest_first_revoked_ones_too(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        old = an_api_key(service_id=service, created_at=NOON, revoked_at=NOON)
        new = an_api_key(service_id=service, created_at=NOON + timedelta(microseconds=1))
        with storage() as work:
            for key in (old, new, an_api_key()):
                work.api_keys.put(key)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.api_keys.of_service(service)) == [new, old]


class GuestListContract(_NeedsStorage):
    def test_it_contains_what_was_added_to_this_services_list(self, storage: Storage) -> None:
        ours, other = ServiceId(an_id()), ServiceId(an_id())
        with storage() as work:
            work.guest_list.add(ours, "+447700900123")
            work.guest_list.add(ours, "+447700900123")
            work.guest_list.add(ours, "grace@example.gov.uk")
            work.commit()
        with storage(read_only=True) as work:
            assert work.guest_list.contains(ours, "+447700900123")
            assert work.guest_list.contains(ours, "grace@example.gov.uk")
            assert not work.guest_list.contains(ours, "+447700900124")
            assert not work.guest_list.contains(other, "+447700900123")

    def test_without_a_commit_nobody_is_added(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        with storage() as work:
            work.guest_list.add(service, "+447700900123")
        with storage(read_only=True) as work:
            assert not work.guest_list.contains(service, "+447700900123")

    def test_another_list_replaces_it(self, storage: Storage) -> None:
        ours, other = ServiceId(an_id()), ServiceId(an_id())
        with storage() as work:
            work.guest_list.add(ours, "+447700900123")
            work.guest_list.add(ours, "grace@example.gov.uk")
            work.guest_list.add(other, "grace@example.gov.uk")
            work.commit()
        with storage() as work:
            work.guest_list.replace(ours, ["siân@example.gov.uk", "+447700900124", "grace@example.gov.uk"])
            assert work.guest_list.contains(ours, "+447700900124")
            work.commit()
        with storage() as work:
            assert list(work.guest_list.of_service(ours)) == [
                "+447700900124",
                "grace@example.gov.uk",
                "siân@example.gov.uk",
            ]
            assert not work.guest_list.contains(ours, "+447700900123")
            work.guest_list.replace(ours, [])
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.guest_list.of_service(ours)) == []
            assert list(work.guest_list.of_service(other)) == ["grace@example.gov.uk"]


class SettingsContract(_NeedsStorage):
    def test_broadcast_settings_are_one_per_service(self, storage: Storage) -> None:
        settings = broadcast_settings(channel=BroadcastChannel.TEST, provider="vodafone")
        changed = replace(settings, channel=BroadcastChannel.GOVERNMENT, provider=None)
        with storage() as work:
            work.settings.put_broadcast(settings)
            assert work.settings.broadcast(settings.service_id) == settings
            work.settings.put_broadcast(changed)
            work.commit()
        with storage(read_only=True) as work:
            assert work.settings.broadcast(settings.service_id) == changed
            assert work.settings.broadcast(ServiceId(an_id())) is None

    def test_retention_is_one_per_service_and_type(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        sms, email = (a_retention(service_id=service, type=kind, days=7) for kind in ("sms", "email"))
        longer = replace(sms, days=30)
        with storage() as work:
            for retention in (sms, email, longer, a_retention()):
                work.settings.put_retention(retention)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.settings.retentions(service)) == [email, longer]
            assert list(work.settings.retentions(ServiceId(an_id()))) == []

"""Section 8: what ``set-as-broadcast-service`` makes of a service."""

from datetime import timedelta

import pytest

from notify_core.accounts.model import BroadcastChannel, BroadcastMode, BroadcastSettings, Permission
from notify_core.broadcasts.use_cases.set_broadcast_service import BroadcastServiceSettings, SetBroadcastService
from notify_core.kernel.errors import InvalidValue, NotFound, TransientError
from notify_core.testing.builders import NOON, an_id


@pytest.fixture
def set_as(world):
    def call(**changes):
        given = {"channel": BroadcastChannel.SEVERE, "mode": BroadcastMode.LIVE, "provider": None} | changes
        wanted = BroadcastServiceSettings(**({"service_id": world.service.id} | given))
        return SetBroadcastService(world.storage, world.clock, world.networks)(wanted)

    return call


@pytest.fixture
def stored(world):
    """The service and its settings, as they are kept."""

    def read():
        with world.storage(read_only=True) as work:
            return work.services.get(world.service.id), work.settings.broadcast(world.service.id)

    return read


@pytest.mark.parametrize(
    ("had", "has"),
    [
        (frozenset(), {Permission.BROADCAST}),
        (frozenset({Permission.BROADCAST}), {Permission.BROADCAST}),
        (frozenset({Permission.EMAIL_AUTH}), {Permission.BROADCAST, Permission.EMAIL_AUTH}),
        (frozenset(Permission), {Permission.BROADCAST, Permission.EMAIL_AUTH}),
        (frozenset(Permission) - {Permission.EMAIL_AUTH}, {Permission.BROADCAST}),
    ],
)
def test_it_may_broadcast_and_nothing_else_but_email_auth(world, set_as, stored, had, has):
    world.put_service(permissions=had)

    assert set_as().permissions == has
    assert stored()[0].permissions == has


def test_in_training_nothing_goes_out_and_it_is_not_live(world, set_as, stored):
    world.put_service(restricted=False, go_live_at=NOON, count_as_live=True)

    service = set_as(mode=BroadcastMode.TRAINING)

    assert (service.restricted, service.go_live_at, service.count_as_live) == (True, None, False)
    assert stored()[0] == service


def test_when_it_goes_live(world, set_as, stored):
    world.put_service(restricted=True, go_live_at=None)
    world.advance(timedelta(hours=1))

    service = set_as(mode=BroadcastMode.LIVE)

    assert (service.restricted, service.go_live_at) == (False, NOON + timedelta(hours=1))
    assert not service.count_as_live
    assert stored()[0] == service


def test_one_that_is_live_already_went_live_when_it_did(world, set_as):
    first = set_as(mode=BroadcastMode.LIVE)
    world.advance(timedelta(days=1))

    assert set_as(mode=BroadcastMode.LIVE).go_live_at == first.go_live_at == NOON


def test_back_to_training_and_live_again_is_live_anew(world, set_as):
    set_as(mode=BroadcastMode.LIVE)
    set_as(mode=BroadcastMode.TRAINING)
    world.advance(timedelta(days=1))

    assert set_as(mode=BroadcastMode.LIVE).go_live_at == NOON + timedelta(days=1)


def test_a_time_left_over_from_before_its_training_does_not_count(world, set_as):
    world.put_service(restricted=True, go_live_at=NOON - timedelta(days=9))

    assert set_as(mode=BroadcastMode.LIVE).go_live_at == NOON


@pytest.mark.parametrize("channel", BroadcastChannel)
@pytest.mark.parametrize("provider", [None, "vodafone"])
def test_its_settings_are_replaced(world, set_as, stored, channel, provider):
    set_as(channel=channel, provider=provider)

    assert stored()[1] == BroadcastSettings(world.service.id, channel, provider)


def test_a_network_that_nobody_knows_changes_nothing(world, set_as, stored):
    before = stored()

    with pytest.raises(InvalidValue, match=r"^provider_restriction: no network is called giffgaff"):
        set_as(provider="giffgaff", channel=BroadcastChannel.TEST)
    assert stored() == before


def test_a_network_that_is_not_enabled_yet_may_be_chosen(world, set_as, stored):
    world.networks.enable("ee")

    set_as(provider="o2")

    assert stored()[1].provider == "o2"


def test_an_unknown_service(set_as):
    with pytest.raises(NotFound):
        set_as(service_id=an_id())


def test_who_set_what_is_in_the_audit_log_each_time(world, set_as):
    set_as(provider="ee")
    set_as(mode=BroadcastMode.TRAINING, channel=BroadcastChannel.TEST)

    with world.storage(read_only=True) as work:
        entries = work.audit.about(str(world.service.id))
    assert [(entry.at, entry.who, entry.what, entry.where) for entry in entries] == [
        (NOON, "notify-admin", "set as broadcast service: severe, live, ee", "http"),
        (NOON, "notify-admin", "set as broadcast service: test, training, all networks", "http"),
    ]


def test_all_of_it_is_one_transaction(world, set_as, stored):
    before = stored()
    world.storage.fail_next_commit(TransientError("the database is gone"))

    with pytest.raises(TransientError):
        set_as(mode=BroadcastMode.TRAINING, channel=BroadcastChannel.TEST)

    assert stored() == before
    with world.storage(read_only=True) as work:
        assert list(work.audit.about(str(world.service.id))) == []


def test_who_is_live_may_be_restricted_to_a_network_and_alerts_go_there_only(world, set_as):
    set_as(provider="three")

    (event,) = world.events(world.live())
    assert (event.providers, event.channel) == (("three",), BroadcastChannel.SEVERE)

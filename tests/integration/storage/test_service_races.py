"""A service is suspended at the moment when somebody else changes another thing about it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.accounts.model import BroadcastChannel, BroadcastMode, Permission
from notify_core.broadcasts.use_cases.set_broadcast_service import BroadcastServiceSettings, SetBroadcastService
from notify_core.housekeeping.use_cases.provisioning import Provision
from notify_core.testing.builders import NOON, a_service
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.networks import MemoryNetworks
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.secrets import MemorySecrets

PATIENCE = 30


@pytest.fixture(params=["sqlite_engine", "postgresql_engine"])
def storage(request):
    return SqlStorage(request.getfixturevalue(request.param), MemorySecrets())


@pytest.fixture
def service(storage):
    service = a_service(name="Flood warnings")
    with storage() as work:
        work.services.put(service)
        work.commit()
    return service


def set_as_broadcast_service(storage, service):
    settings = BroadcastServiceSettings(service.id, BroadcastChannel.SEVERE, BroadcastMode.LIVE, None)
    SetBroadcastService(storage, FakeClock(NOON), MemoryNetworks())(settings)


def provision(storage, service):
    file = {"services": [{"id": str(service.id), "name": service.name, "permissions": ["broadcast"]}]}
    Provision(storage, FakeClock(NOON), SeededRandom())(file)


def provision_by_its_name(storage, service):
    Provision(storage, FakeClock(NOON), SeededRandom())(
        {"services": [{"name": service.name, "permissions": ["broadcast"]}]}
    )


@pytest.mark.parametrize("change", [set_as_broadcast_service, provision, provision_by_its_name])
def test_it_stays_suspended(storage, service, change):
    with ThreadPoolExecutor(1) as pool:
        with storage() as work:
            work.services.put(replace(work.services.get_for_change(service.id), active=False))
            other = pool.submit(change, storage, service)
            with pytest.raises(TimeoutError):
                other.result(0.3)
            work.commit()
        other.result(PATIENCE)

    with storage(read_only=True) as work:
        stored = work.services.get(service.id)
    assert not stored.active
    assert stored.permissions == {Permission.BROADCAST}

"""``notify broadcasts fake-network``, on a machine where no database has been set up."""

import pytest

from notify_adapters.cbc.fake import FakeNetworks
from notify_adapters.cbc.fake_store import FakeNetworkStore
from notify_adapters.cbc.profiles import load_profiles
from notify_core.broadcasts.model import Route
from notify_core.broadcasts.ports import NetworkFailed
from notify_core.testing.contracts.networks import an_alert

FAKE_NETWORK = ("broadcasts", "fake-network")
LAMBDA = {"NOTIFY_CBC": "lambda", "NOTIFY_CBC_ACCESS_KEY_ID": "a", "NOTIFY_CBC_SECRET_ACCESS_KEY": "b"}
LIVE = {"NOTIFY_ENVIRONMENT": "live", "NOTIFY_ALLOW_FAKES": "true"}


@pytest.fixture
def networks(machine):
    """Another process's."""
    networks = FakeNetworks(FakeNetworkStore(machine.data_dir), load_profiles({}))
    yield networks
    networks.store.close()


@pytest.fixture
def scripts(machine):
    def look():
        document = machine.document(*FAKE_NETWORK)
        return {network["name"]: network["scripts"] for network in document["networks"] if network["scripts"]}

    return look


def test_before_anything_has_happened(machine):
    lines = machine.done(*FAKE_NETWORK).splitlines()
    assert [line.split()[:5] for line in lines[1:]] == [
        ["ee", "cap", "well", "0", "0"],
        ["o2", "cap", "well", "0", "0"],
        ["three", "cap", "well", "0", "0"],
        ["vodafone", "ibag", "well", "0", "0"],
    ]


def test_what_is_on_air(machine, networks):
    alert = an_alert(networks.profile("ee"))
    networks.send("ee", Route.SECOND, alert)

    (ee, *_) = machine.document(*FAKE_NETWORK)["networks"]
    assert [each["identifier"] for each in ee["on_air"]] == [alert.identifier]
    assert ee["broadcasts"][0]["xml"].startswith("<alert ")
    said = machine.done(*FAKE_NETWORK)
    assert "ee: alert on severe until 2099-11-03T13:15:07-00:00\nThe river is rising. Go upstairs.\n" in said


def test_one_network_with_its_areas_and_calls(machine, networks):
    networks.send("ee", Route.SECOND, an_alert(networks.profile("ee")))
    networks.send("o2", Route.FIRST, an_alert(networks.profile("o2")))

    said = machine.done(*FAKE_NETWORK, "--network", "ee")
    assert "o2" not in said
    assert any("\u2800" < character <= "\u28ff" for character in said), "there is a map"
    assert said.splitlines()[-1].split()[1:3] == ["2", "alert"]
    assert [each["name"] for each in machine.document(*FAKE_NETWORK, "--network", "ee")["networks"]] == ["ee"]


def test_a_network_is_scripted_and_recovers(machine, networks, scripts):
    said = machine.done(*FAKE_NETWORK, "script", "ee", "--kind", "function-error", "--route", "1", "--times", "2")
    assert said == "ee: route 1 function-error, 2 more calls\n"
    machine.done(*FAKE_NETWORK, "script", "o2", "--latency", "0.25")
    assert scripts() == {
        "ee": [{"route": 1, "kind": "function-error", "latency": 0.0, "times": 2}],
        "o2": [{"route": route, "kind": "acknowledges", "latency": 0.25, "times": None} for route in (1, 2)],
    }
    assert "route 1 acknowledges after 0.25 s" in machine.done(*FAKE_NETWORK)
    with pytest.raises(NetworkFailed):
        networks.send("ee", Route.FIRST, an_alert(networks.profile("ee")))
    assert scripts()["ee"][0]["times"] == 1

    assert machine.done(*FAKE_NETWORK, "recover", "ee") == "ee answers as it should.\n"
    assert list(scripts()) == ["o2"]
    assert machine.done(*FAKE_NETWORK, "recover") == "every network answers as it should.\n"
    assert scripts() == {}


def test_everything_is_forgotten(machine, networks):
    networks.send("ee", Route.FIRST, an_alert(networks.profile("ee")))
    assert machine.done(*FAKE_NETWORK, "forget") == "The fake networks have forgotten everything.\n"
    (ee, *_) = machine.document(*FAKE_NETWORK)["networks"]
    assert (ee["taken"], ee["calls"], ee["on_air"]) == (0, [], [])


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        (LIVE, "the fake networks are neither shown nor scripted in live"),
        (LIVE | LAMBDA, "the fake networks are neither shown nor scripted in live"),
        (LAMBDA, "NOTIFY_CBC=lambda: this is for the fake networks (NOTIFY_CBC=fake)"),
        ({"NOTIFY_CBC": "disabled"}, "NOTIFY_CBC=disabled: this is for the fake networks (NOTIFY_CBC=fake)"),
    ],
    ids=["fake in live", "lambda in live", "lambda", "disabled"],
)
def test_where_there_is_none(machine, environ, said):
    assert machine.refused(*FAKE_NETWORK, **environ) == said
    assert not (machine.data_dir / "fakes").exists()


@pytest.mark.parametrize("command", [("script", "ee"), ("recover",), ("forget",)], ids=" ".join)
def test_none_of_the_commands_works_in_live(machine, command):
    assert (
        machine.refused(*FAKE_NETWORK, *command, **LIVE) == "the fake networks are neither shown nor scripted in live"
    )
    assert not (machine.data_dir / "fakes").exists()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("--network", "giffgaff"), "no network is called 'giffgaff'; known are: ee, o2, three, vodafone"),
        (("script", "giffgaff"), "no network is called 'giffgaff'; known are: ee, o2, three, vodafone"),
        (("recover", "giffgaff"), "no network is called 'giffgaff'; known are: ee, o2, three, vodafone"),
        (("script", "ee", "--latency", "-1"), "--latency -1 is not from 0 to 600 seconds"),
        (("script", "ee", "--latency", "nan"), "--latency nan is not from 0 to 600 seconds"),
    ],
)
def test_what_there_is_not(machine, command, said):
    assert machine.refused(*FAKE_NETWORK, *command) == said


def test_a_way_of_misbehaving_that_there_is_not(machine):
    ran = machine.notify(*FAKE_NETWORK, "script", "ee", "--kind", "sulks")
    assert ran.returncode == 2
    assert "'acknowledgement-lost'" in ran.stderr

"""Every adapter that is advertised loads, declares its options and has a contract test."""

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from notify_core.broadcasts.ports import NetworkProfile
from notify_entrypoints.plugins import load_build, option_names
from notify_entrypoints.settings.variables import PORTS

ROOT = Path(__file__).parents[3]
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("contracts/test_*.py"))
ADAPTERS = [
    (group, point)
    for group in sorted(entry_points().groups)
    if group.startswith("notify.adapters.")
    for point in entry_points(group=group)
    if point.dist is not None and point.dist.name == "notify-platform"
]


def test_every_port_of_the_settings_has_an_adapter_of_its_default_name():
    for port in PORTS:
        for name in port.default.split(","):
            assert callable(load_build(port.group, name))


def test_every_advertised_group_is_a_port_of_the_settings():
    assert {group for group, _ in ADAPTERS} == {port.group for port in PORTS}


@pytest.mark.parametrize(("group", "point"), ADAPTERS, ids=lambda value: getattr(value, "value", value))
def test_every_adapter_loads_and_says_what_its_options_are(group, point):
    build = load_build(group, point.name)
    assert build.__annotations__["return"] is not None
    assert option_names(build) is not None


@pytest.mark.parametrize(("group", "point"), ADAPTERS, ids=lambda value: getattr(value, "value", value))
def test_every_adapter_has_a_contract_test(group, point):
    assert point.module in TESTS, f"no contract test imports {point.module}"


def test_every_network_is_a_profile_under_its_own_name():
    networks = entry_points(group="notify.networks")
    assert {point.name for point in networks} >= {"ee", "o2", "three", "vodafone"}
    for point in networks:
        profile = point.load()
        assert isinstance(profile, NetworkProfile)
        assert profile.name == point.name

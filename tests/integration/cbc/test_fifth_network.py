"""A network from somebody else's distribution, without a change in ours."""

import importlib
import sys

import pytest

from notify_adapters.cbc import aws_lambda, disabled, fake
from notify_adapters.options import BadOption
from notify_core.broadcasts.model import Route
from notify_core.testing.contracts.networks import an_alert

MODULE = """
from notify_core.broadcasts.ports import NetworkFormat, NetworkProfile

PROFILE = NetworkProfile("giffgaff", NetworkFormat.CAP, ("giffgaff-1-proxy", "giffgaff-2-proxy"))
"""


@pytest.fixture
def a_strangers_distribution(tmp_path, monkeypatch):
    site = tmp_path / "site"
    about = site / "notify_giffgaff-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "notify_giffgaff.py").write_text(MODULE)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: notify-giffgaff\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[notify.networks]\ngiffgaff = notify_giffgaff:PROFILE\n")
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    yield
    sys.modules.pop("notify_giffgaff", None)


@pytest.mark.usefixtures("a_strangers_distribution")
def test_an_alert_reaches_it(tmp_path):
    networks = fake.build({"data_dir": str(tmp_path), "enabled": "giffgaff"})
    alert = an_alert(networks.profile("giffgaff"))

    assert networks.enabled() == ("giffgaff",)
    networks.send("giffgaff", Route.FIRST, alert)

    (broadcast,) = networks.broadcasts()
    assert broadcast.network == "giffgaff"
    assert broadcast.identifier == alert.identifier
    assert "The river is rising." in broadcast.xml


@pytest.mark.usefixtures("a_strangers_distribution")
@pytest.mark.parametrize("adapter", [fake, aws_lambda, disabled])
def test_an_unknown_network_cannot_be_enabled_and_the_known_ones_are_named(adapter, tmp_path):
    with pytest.raises(BadOption, match=r"'atlantis'.*known are:.*giffgaff"):
        adapter.build({"data_dir": str(tmp_path), "enabled": "giffgaff, atlantis"})


@pytest.mark.usefixtures("a_strangers_distribution")
@pytest.mark.parametrize("adapter", [fake, aws_lambda, disabled])
def test_an_unknown_option_is_refused(adapter, tmp_path):
    with pytest.raises(BadOption, match="latency"):
        adapter.build({"data_dir": str(tmp_path), "enabled": "giffgaff", "latency": "1"})


@pytest.mark.usefixtures("a_strangers_distribution")
def test_a_time_out_is_a_number_of_seconds():
    with pytest.raises(BadOption, match="read_timeout"):
        aws_lambda.build({"enabled": "giffgaff", "read_timeout": "soon"})


@pytest.mark.usefixtures("a_strangers_distribution")
@pytest.mark.parametrize("slow", [{"read_timeout": "27"}, {"connect_timeout": "20"}, {"read_timeout": "3600"}])
def test_row_6_both_routes_take_less_than_the_lease_of_a_task(slow):
    """Else nobody could tell a call that is still in the air from one whose worker has died."""
    with pytest.raises(BadOption, match=r"connect_timeout and read_timeout.* of both routes .* less than 60 seconds"):
        aws_lambda.build({"enabled": "giffgaff", **slow})
    assert aws_lambda.build({"enabled": "giffgaff", "read_timeout": "26"}).enabled() == ("giffgaff",)


@pytest.mark.usefixtures("a_strangers_distribution")
@pytest.mark.parametrize(("adapter", "connected"), [(fake, True), (aws_lambda, True), (disabled, False)])
def test_each_adapter_knows_it(adapter, connected, tmp_path):
    networks = adapter.build({"data_dir": str(tmp_path), "enabled": "giffgaff"})
    assert networks.is_connected("giffgaff") is connected

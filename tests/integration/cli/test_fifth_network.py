"""A fifth mobile network, installed from somebody else's distribution: one setting, and alerts reach it."""

import time
from uuid import uuid4

import jwt
import pytest
import requests

from notify_adapters.cbc.fake_store import FakeNetworkStore

MODULE = """
from notify_core.broadcasts.ports import NetworkFormat, NetworkProfile

PROFILE = NetworkProfile("giffgaff", NetworkFormat.CAP, ("giffgaff-1-proxy", "giffgaff-2-proxy"))
"""
NETWORKS = {"ee", "giffgaff", "o2", "three", "vodafone"}
AREA = [[54.0, -1.2], [54.0, -1.0], [53.9, -1.0], [53.9, -1.2], [54.0, -1.2]]


@pytest.fixture
def machine_with_it(machine):
    site = machine.folder / "site"
    about = site / "notify_giffgaff-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "notify_giffgaff.py").write_text(MODULE)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: notify-giffgaff\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[notify.networks]\ngiffgaff = notify_giffgaff:PROFILE\n")
    machine.environ["PYTHONPATH"] = str(site)
    machine.environ["NOTIFY_CBC_ENABLED"] = ",".join(sorted(NETWORKS))
    return machine


def test_an_approved_alert_reaches_five_networks(machine_with_it, eventually):
    machine = machine_with_it
    agency = Agency(machine)
    with machine.serving():
        machine.provision({"services": [agency.document]})
        message = agency.create()
        agency.change(message, agency.author, "pending-approval")
        agency.change(message, agency.approver, "broadcasting")
        eventually(lambda: agency.acknowledged(message) == NETWORKS)
        shown = machine.done("broadcasts", "show", message)
    assert all(f"\n{network} " in shown for network in NETWORKS)
    assert "returned-ack" in shown

    store = FakeNetworkStore(machine.data_dir)
    assert sorted(one.network for one in store.broadcasts()) == sorted(NETWORKS)
    (it,) = store.broadcasts("giffgaff")
    assert "The river is rising." in it.xml
    store.close()


def test_without_the_setting_it_is_left_alone(machine_with_it):
    machine = machine_with_it
    assert "'atlantis' is no installed network; known are: ee, giffgaff, o2" in machine.refused(
        "serve", NOTIFY_CBC_ENABLED="atlantis"
    )


class Agency:
    """A service that broadcasts, and two people of its."""

    def __init__(self, machine):
        self.machine = machine
        self.id, self.author, self.approver = (str(uuid4()) for _ in range(3))
        self.document = {
            "id": self.id,
            "name": "Flood warnings",
            "restricted": False,
            "permissions": ["broadcast"],
            "broadcast": {"channel": "severe", "mode": "live"},
            "users": [
                {"id": self.author, "name": "Ada Author", "email_address": "ada@agency.example"},
                {"id": self.approver, "name": "Ben Second", "email_address": "ben@agency.example"},
            ],
        }

    def create(self):
        body = {
            "service_id": self.id,
            "created_by": self.author,
            "content": "The river is rising.",
            "reference": "flood-1",
            "areas": ["River Ouse"],
            "simple_polygons": [AREA],
        }
        return self._post("", body)["id"]

    def change(self, message, user, status):
        self._post(f"/{message}/status", {"created_by": user, "status": status})

    def acknowledged(self, message):
        shown = self.machine.document("broadcasts", "show", message)
        copies = [copy for event in shown["events"] for copy in event["provider_messages"]]
        return {copy["provider"] for copy in copies if copy["status"] == "returned-ack"}

    def _post(self, path, body):
        secret = self.machine.environ["NOTIFY_ADMIN_SECRETS"]
        token = jwt.encode({"iss": "notify-admin", "iat": int(time.time())}, secret, algorithm="HS256")
        answer = requests.post(
            f"{self.machine.url}/service/{self.id}/broadcast-message{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
        )
        assert answer.ok, answer.text
        return answer.json()

"""``notify broadcasts links`` and ``notify broadcasts dry-run``."""

import time
from uuid import UUID, uuid4

import jwt
import pytest
import requests

from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore, Kind
from notify_core.broadcasts.model import Route

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)

LINKS = ("broadcasts", "links")
DRY_RUN = ("broadcasts", "dry-run")
NETWORKS = ["ee", "o2", "three", "vodafone"]
AREA = [[54.0, -1.2], [54.0, -1.0], [53.9, -1.0], [53.9, -1.2], [54.0, -1.2]]


@pytest.fixture
def store(migrated):
    store = FakeNetworkStore(migrated.data_dir)
    yield store
    store.close()


class TestLinks:
    def test_before_anything_was_tested(self, migrated):
        links = migrated.document(*LINKS)
        assert [(link["provider"], link["route"], link["outcome"]) for link in links] == [
            (network, route, None) for network in NETWORKS for route in (1, 2)
        ]
        assert "Not tested within the last half an hour: ee, o2, three, vodafone." in migrated.done(*LINKS)

    def test_what_the_latest_tests_said(self, migrated, store):
        store.script("o2", Route.SECOND, Behaviour(Kind.FUNCTION_ERROR))
        store.script("three", None, Behaviour(Kind.CLIENT_ERROR))
        for network in NETWORKS:
            migrated.done("tasks", "run", "trigger-link-test", f"provider={network}")

        links = migrated.document(*LINKS)

        failed = {("o2", 2), ("three", 1), ("three", 2)}
        assert {(link["provider"], link["route"]) for link in links if link["outcome"] == "failed"} == failed
        assert {link["outcome"] for link in links} == {"acknowledged", "failed"}
        assert [link["function"] for link in links][:2] == ["ee-1-proxy", "ee-2-proxy"]
        assert [link["message_number"] for link in links] == [None] * 6 + ["00000001"] * 2
        assert not any(link["overdue"] for link in links)
        assert store.broadcasts() == ()

        lines = migrated.done(*LINKS, COLUMNS="200").splitlines()
        assert lines[1].split()[:4] == ["ee", "1", "ee-1-proxy", "acknowledged"]
        assert "o2 is reached on one route only: route 2 did not answer." in lines
        assert "three CANNOT BE REACHED: neither route answered." in lines
        assert not any("Not tested" in line for line in lines)
        assert migrated.document("tasks", "list") == []

    def test_the_schedule_has_each_network_tested(self, migrated, eventually):
        migrated.done("tasks", "run", "trigger-link-tests")
        waiting = migrated.document("tasks", "list", "--queue", "broadcast-tasks")
        assert [row["task"] for row in waiting] == ["trigger-link-test"] * 4

        with migrated.serving():
            eventually(lambda: migrated.unfinished() == 0)
            links = migrated.document(*LINKS)
        assert {link["outcome"] for link in links} == {"acknowledged"}

    def test_where_nothing_is_connected(self, migrated):
        nowhere = {"NOTIFY_CBC": "disabled"}
        migrated.done("tasks", "run", "trigger-link-tests", **nowhere)
        assert migrated.document("tasks", "list") == []
        assert "connected to no network: nothing is tested" in migrated.done(*LINKS, **nowhere)
        assert {link["connected"] for link in migrated.document(*LINKS, **nowhere)} == {False}

    def test_where_no_network_is_enabled(self, migrated):
        only_ee = {"NOTIFY_CBC_ENABLED": "ee"}
        assert {link["provider"] for link in migrated.document(*LINKS, **only_ee)} == {"ee"}


class Agency:
    """A service that broadcasts, and two people of its."""

    def __init__(self, machine):
        self.machine = machine
        self.id, self.author, self.approver = (str(uuid4()) for _ in range(3))
        people = [
            {"id": person, "name": name, "email_address": f"{name}@agency.example"}
            for person, name in ((self.author, "ada"), (self.approver, "ben"))
        ]
        service = {"id": self.id, "name": "Floods", "restricted": False, "permissions": ["broadcast"], "users": people}
        machine.provision({"services": [{**service, "broadcast": {"channel": "severe", "mode": "live"}}]})

    def draft(self):
        body = {"content": "The river is rising.", "reference": "flood-1"}
        body |= {"areas": ["River Ouse"], "simple_polygons": [AREA]}
        return self._post("", {"service_id": self.id, "created_by": self.author, **body})["id"]

    def move(self, message, user, status):
        self._post(f"/{message}/status", {"created_by": user, "status": status})

    def _post(self, path, body):
        secret = self.machine.environ["NOTIFY_ADMIN_SECRETS"]
        token = jwt.encode({"iss": "notify-admin", "iat": int(time.time())}, secret, algorithm="HS256")
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.machine.url}/service/{self.id}/broadcast-message{path}"
        answer = requests.post(url, json=body, headers=headers, timeout=30)
        assert answer.ok, answer.text
        return answer.json()


class TestDryRun:
    def test_one_that_there_is_not(self, migrated):
        assert migrated.refused(*DRY_RUN, UUID(int=7)) == f"no broadcast message {UUID(int=7)}"

    def test_before_and_after_its_approval(self, migrated, store, eventually):
        with migrated.serving():
            agency = Agency(migrated)
            message = agency.draft()

            (event,) = migrated.document(*DRY_RUN, message)["events"]
            assert event["refusals"] == [f"Cannot move broadcast_message {message} from draft to broadcasting"]
            assert (event["id"], event["provisional"]) == (None, True)

            agency.move(message, agency.author, "pending-approval")
            (before,) = migrated.document(*DRY_RUN, message)["events"]
            assert before["refusals"] == []
            assert [one["provider"] for one in before["networks"]] == NETWORKS
            self._read_by_people(migrated, message)
            # The schedule may have had the links tested meanwhile.
            assert [call for call in store.calls() if call.message_type != "test"] == [], "nothing is sent"

            agency.move(message, agency.approver, "broadcasting")
            eventually(lambda: len(store.broadcasts()) == len(NETWORKS))
            eventually(lambda: migrated.unfinished() == 0)
            (after,) = migrated.document(*DRY_RUN, message)["events"]

        # To the letter what the networks got.
        shown = {one["provider"]: (one["payload"], one["xml"]) for one in after["networks"]}
        assert shown == {each.network: (each.payload, each.xml) for each in store.broadcasts()}
        assert not after["provisional"]
        # And what was shown before, but for what is taken when it is handed over.
        taken_then = {"identifier", "message_number", "sent", "expires"}
        for one in before["networks"]:
            payload, _ = shown[one["provider"]]
            assert one["payload"].keys() == payload.keys()
            assert {key for key in payload if one["payload"][key] != payload[key]} <= taken_then

    def _read_by_people(self, machine, message):
        said = machine.done(*DRY_RUN, message)
        assert said.startswith("ALERT, if it were approved now\n")
        assert "\nee: ee-1-proxy, then ee-2-proxy\n" in said
        assert '"description": "The river is rising."' in said
        assert "[54.0, -1.2],\n" in said
        assert "<description>The river is rising.</description>" in said
        assert "<IBAG_text_alert_message>The river is rising.</IBAG_text_alert_message>" in said
        assert "├" not in said, "no map where nobody looks at a terminal"

        one = machine.done(*DRY_RUN, message, "--network", "vodafone", "--map")
        assert "ee-1-proxy" not in one
        assert "54° N 1.2° W to 53.9° N 1° W" in one
        assert machine.refused(*DRY_RUN, message, "--network", "giffgaff").endswith(" goes to giffgaff")

"""Changing what is on air: proposed by one person, approved by another."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from notify_core.accounts.model import BroadcastChannel
from notify_core.kernel.calendar import format_datetime, parse_datetime
from notify_core.testing.builders import SKEGNESS, a_user

RING = [list(pair) for pair in SKEGNESS]
INLAND = [[latitude, longitude - 1] for latitude, longitude in RING]


@dataclass
class Team:
    """A service with two people, and what they ask for."""

    notify: Any
    channel: BroadcastChannel = BroadcastChannel.SEVERE

    def __post_init__(self):
        self.service = self.notify.broadcasting_service(self.channel)
        self.author = self.notify.member(self.service, name="Ada")
        self.approver = self.notify.member(self.service, name="Grace")
        self.root = f"/service/{self.service.id}/broadcast-message"

    def move(self, message, status, user=None):
        body = {"status": status, "created_by": str((user or self.approver).id)}
        return self.notify.admin("POST", f"{self.root}/{message['id']}/status", body)

    def pending(self):
        body = {
            "service_id": str(self.service.id),
            "created_by": str(self.author.id),
            "content": "Leave now.",
            "reference": "flood-1",
            "areas": ["Skegness"],
            "simple_polygons": [RING],
        }
        return self.move(self.notify.admin("POST", self.root, body).json, "pending-approval", self.author).json

    def live(self):
        return self.move(self.pending(), "broadcasting").json

    def propose(self, message, user=None, without=(), **changes):
        body = {"created_by": str((user or self.author).id), "content": "Stay upstairs."} | changes
        body = {name: value for name, value in body.items() if name not in without}
        return self.notify.admin("POST", f"{self.root}/{message['id']}/revision", body)

    def decide(self, revision, status, user=None, **changes):
        body = {"status": status, "created_by": str((user or self.approver).id)} | changes
        path = f"{self.root}/{revision['broadcast_message_id']}/revision/{revision['id']}/status"
        return self.notify.admin("POST", path, body)

    def shown(self, message):
        return self.notify.admin("GET", f"{self.root}/{message['id']}/events").json


@pytest.fixture
def team(notify):
    return Team(notify)


@pytest.fixture
def live(team):
    return team.live()


def told(answer, status=400):
    assert answer.status_code == status, answer.data
    assert set(answer.json) == {"result", "message"}
    assert answer.json["result"] == "error"
    return answer.json["message"]


def test_a_revision_awaits_approval(notify, team, live):
    later = format_datetime(parse_datetime(live["finishes_at"]) + timedelta(hours=1))

    answer = team.propose(live, areas=["Boston"], simple_polygons=[INLAND], finishes_at=later)

    assert answer.status_code == 201
    assert answer.json == {
        "id": answer.json["id"],
        "broadcast_message_id": live["id"],
        "service_id": str(team.service.id),
        "content": "Stay upstairs.",
        "areas": ["Boston"],
        "simple_polygons": [INLAND],
        "finishes_at": later,
        "status": "pending-approval",
        "created_at": answer.json["created_at"],
        "created_by_id": str(team.author.id),
        "decided_at": None,
        "decided_by_id": None,
    }
    assert notify.admin("GET", f"{team.root}/{live['id']}").json == live | {"updated_at": answer.json["created_at"]}


def test_what_is_not_given_is_as_on_air(live, team):
    revision = team.propose(live, finishes_at=None).json

    for name in ("areas", "simple_polygons", "finishes_at"):
        assert revision[name] == live[name]


def test_a_second_person_approves(team, live):
    revision = team.propose(live).json
    assert told(team.decide(revision, "approved", team.author)) == (
        f"User {team.author.id} cannot approve their own broadcast_message {live['id']}"
    )

    answer = team.decide(revision, "approved")

    assert answer.status_code == 200
    assert answer.json["decided_at"] is not None
    assert answer.json == revision | {
        "status": "approved",
        "decided_at": answer.json["decided_at"],
        "decided_by_id": str(team.approver.id),
    }
    shown = team.shown(live)
    assert shown["message"] == live | {"content": "Stay upstairs.", "updated_at": answer.json["decided_at"]}
    assert [event["message_type"] for event in shown["events"]] == ["alert", "update"]


def test_or_rejects_it(team, live):
    revision = team.propose(live).json

    assert team.decide(revision, "rejected").json["status"] == "rejected"
    assert told(team.decide(revision, "approved")) == (
        f"Cannot move broadcast_message revision {revision['id']} from rejected to approved"
    )
    shown = team.shown(live)
    assert shown["message"]["content"] == "Leave now."
    assert team.propose(live).status_code == 201


def test_at_most_one_awaits_approval(live, team):
    team.propose(live)

    assert told(team.propose(live, team.approver)) == (
        f"broadcast_message {live['id']} has a revision awaiting approval already"
    )


def test_it_lapses_with_its_message(live, team):
    revision = team.propose(live).json
    team.move(live, "cancelled")

    assert told(team.decide(revision, "approved")) == (
        f"Cannot move broadcast_message revision {revision['id']} from lapsed to approved"
    )
    assert told(team.propose(live)) == f"Cannot update broadcast_message {live['id']} while it has status cancelled"


def test_only_what_is_on_air_is_revised(team):
    pending = team.pending()

    assert told(team.propose(pending)) == (
        f"Cannot update broadcast_message {pending['id']} while it has status pending-approval"
    )


def test_strangers_and_administrators(notify, team, live):
    stranger, admin = notify.put(a_user()), notify.put(a_user(platform_admin=True))
    revision = team.propose(live).json

    for user in (stranger, admin, a_user()):
        refused = f"User {user.id} cannot update broadcast_message {live['id']} from other service"
        assert told(team.propose(live, user)) == refused
        assert told(team.decide(revision, "approved", user)) == refused
        assert told(team.decide(revision, "rejected", user)) == refused


def test_a_suspended_service(notify, team, live):
    revision = team.propose(live).json
    notify.put(replace(team.service, active=False))

    inactive = "Updating broadcast message is not allowed: service is inactive"
    assert told(team.propose(live), 403) == inactive
    assert told(team.decide(revision, "approved"), 403) == inactive


@pytest.mark.parametrize(
    ("without", "changes", "message"),
    [
        (("created_by",), {}, "created_by is a required property"),
        ((), {"created_by": "Ada"}, "created_by is not a valid UUID"),
        ((), {"starts_at": "2026-01-05T16:00:00Z"}, "Additional properties are not allowed (starts_at was unexpected)"),
        ((), {"personalisation": {}}, "Additional properties are not allowed (personalisation was unexpected)"),
        ((), {"content": ""}, " should be non-empty"),
        ((), {"content": "x" * 1396}, "Content must be 1,395 characters or fewer"),
        ((), {"content": "Leave\0now"}, "content contains characters that cannot be kept"),
        ((), {"areas": ["Boston"]}, ", areas or polygons are missing."),
        ((), {"simple_polygons": [INLAND]}, ", areas or polygons are missing."),
        ((), {"areas": ["x"], "simple_polygons": [RING[:-1]]}, "polygon 1 is not closed"),
        ((), {"areas": ["x"], "simple_polygons": [[[10**400, 0], [5, 0], [5, 1], [10**400, 0]]]}, "polygon 1 has a"),
        ((), {"finishes_at": "soon"}, "finishes_at datetime format is invalid."),
        ((), {"finishes_at": "2020-01-01T00:00:00Z"}, ", its finishes_at can only become later."),
        (
            (),
            {"finishes_at": "2099-01-01T00:00:00Z"},
            "it must last at most 22 hours 30 minutes on the severe channel.",
        ),
        (("content",), {}, ", nothing is to be changed."),
    ],
)
def test_what_can_be_no_revision(team, live, without, changes, message):
    assert message in told(team.propose(live, without=without, **changes))
    assert team.propose(live).status_code == 201  # nothing is left that waits


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"status": "lapsed"}, "status lapsed is not one of [approved, rejected]"),
        ({"status": None}, "status None is not of type string"),
        ({"created_by": None}, "created_by None is not of type string"),
        ({"extra": 1}, "Additional properties are not allowed (extra was unexpected)"),
    ],
)
def test_what_is_no_decision(live, team, changes, message):
    asked = {"status": "approved"} | changes
    assert message in told(team.decide(team.propose(live).json, **asked))


def test_limits_are_those_of_the_alerts_channel(notify):
    team = Team(notify, BroadcastChannel.TEST)
    live = team.live()

    later = format_datetime(parse_datetime(live["starts_at"]) + timedelta(hours=4, seconds=1))
    assert told(team.propose(live, finishes_at=later)) == (
        f"broadcast_message {live['id']} cannot be broadcasted: it must last at most 4 hours on the test channel."
    )


def test_what_is_not_there(notify, team, live):
    revision = team.propose(live).json

    told(team.propose({"id": str(uuid4())}), 404)
    told(team.decide(revision | {"id": str(uuid4())}, "approved", team.author), 404)
    told(team.decide(revision | {"broadcast_message_id": str(uuid4())}, "approved", team.author), 404)
    other = f"/service/{notify.broadcasting_service().id}/broadcast-message/{live['id']}/revision"
    told(notify.admin("POST", other, {"created_by": str(team.author.id), "content": "x"}), 404)
    body = {"created_by": str(team.author.id), "status": "approved"}
    told(notify.admin("POST", f"{other}/{revision['id']}/status", body), 404)


def test_who_did_what_is_written_down(notify, team, live):
    first = team.propose(live).json
    team.decide(first, "rejected")
    second = team.propose(live).json
    team.decide(second, "approved")

    with notify.container.work()(read_only=True) as work:
        entries = work.audit.about(live["id"])
    assert [(entry.who, entry.what) for entry in entries[-4:]] == [
        (str(team.author.id), f"broadcast revision {first['id']} proposed"),
        (str(team.approver.id), f"broadcast revision {first['id']} rejected"),
        (str(team.author.id), f"broadcast revision {second['id']} proposed"),
        (str(team.approver.id), f"broadcast revision {second['id']} approved"),
    ]

"""``POST /service/{service}/set-as-broadcast-service``."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from notify_core.accounts.model import BroadcastChannel, BroadcastSettings, Permission

WANTED = {"broadcast_channel": "government", "service_mode": "live", "provider_restriction": "vodafone"}


@pytest.fixture
def service(notify):
    return notify.service(permissions=frozenset(Permission), restricted=True)


@pytest.fixture
def set_as(notify, service):
    def post(body=WANTED, service_id=None, **how):
        return notify.admin("POST", f"/service/{service_id or service.id}/set-as-broadcast-service", body, **how)

    return post


@pytest.fixture
def stored(notify, service):
    def read():
        with notify.container.work()(read_only=True) as work:
            entries = work.audit.about(str(service.id))
            return work.services.get(service.id), work.settings.broadcast(service.id), list(entries)

    return read


def told(answer, status=400):
    assert answer.status_code == status, answer.data
    assert set(answer.json) == {"result", "message"}
    assert answer.json["result"] == "error"
    return answer.json["message"]


def test_a_service_becomes_one_that_broadcasts(set_as, service, stored):
    answer = set_as(headers={"X-B3-TraceId": "a-trace"})

    assert answer.status_code == 200, answer.data
    went_live = answer.json["go_live_at"]
    assert answer.json == {
        "id": str(service.id),
        "broadcast_channel": "government",
        "service_mode": "live",
        "provider_restriction": "vodafone",
        "permissions": ["broadcast", "email_auth"],
        "restricted": False,
        "count_as_live": False,
        "go_live_at": went_live,
    }
    kept, settings, (entry,) = stored()
    assert kept.permissions == {Permission.BROADCAST, Permission.EMAIL_AUTH}
    assert (kept.restricted, kept.count_as_live) == (False, False)
    assert abs(kept.go_live_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert went_live == kept.go_live_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert settings == BroadcastSettings(service.id, BroadcastChannel.GOVERNMENT, "vodafone")
    assert (entry.who, entry.what) == ("notify-admin", "set as broadcast service: government, live, vodafone")
    assert entry.where.startswith("http ")


def test_training_on_all_networks(set_as, service, stored):
    set_as()
    answer = set_as({"broadcast_channel": "test", "service_mode": "training", "provider_restriction": None})

    assert answer.status_code == 200
    assert (answer.json["restricted"], answer.json["go_live_at"]) == (True, None)
    assert (answer.json["service_mode"], answer.json["provider_restriction"]) == ("training", None)
    kept, settings, entries = stored()
    assert (kept.restricted, kept.go_live_at) == (True, None)
    assert settings == BroadcastSettings(service.id, BroadcastChannel.TEST, None)
    assert len(entries) == 2


@pytest.mark.parametrize("missing", sorted(WANTED))
def test_all_three_are_needed(set_as, stored, missing):
    before = stored()
    body = {name: value for name, value in WANTED.items() if name != missing}

    assert told(set_as(body)) == f"{missing} is a required property"
    assert stored() == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"broadcast_channel": "loud"}, "broadcast_channel loud is not one of [test, operator, severe, government]"),
        ({"service_mode": "real"}, "service_mode real is not one of [training, live]"),
        ({"broadcast_channel": None}, "broadcast_channel None is not of type string"),
        ({"provider_restriction": 7}, "provider_restriction 7 is not of type string, null"),
        (
            {"provider_restriction": "giffgaff"},
            "provider_restriction: no network is called 'giffgaff'; known are: ee, o2, three, vodafone",
        ),
        ({"provider_restriction": "all"}, "provider_restriction: no network is called 'all'; known are: "),
        ({"colour": "red"}, "Additional properties are not allowed (colour was unexpected)"),
    ],
)
def test_what_is_refused_changes_nothing(set_as, stored, changes, message):
    before = stored()

    assert message in told(set_as(WANTED | changes))
    assert stored() == before


def test_a_service_that_there_is_not(set_as):
    unknown = uuid4()

    assert told(set_as(service_id=unknown), 404) == f"no service {unknown}"
    assert set_as(service_id="seven").status_code == 404


def test_it_is_for_the_admin_application_only(notify, service, stored):
    path = f"/service/{service.id}/set-as-broadcast-service"
    before = stored()

    assert notify.request("POST", path, None, WANTED).status_code == 401
    assert notify.post(path, WANTED, notify.key(service)).status_code in {401, 403}
    assert stored() == before


def test_a_live_service_keeps_the_moment_it_went_live(set_as):
    first = set_as().json["go_live_at"]

    assert set_as(WANTED | {"provider_restriction": None}).json["go_live_at"] == first


def test_an_alert_goes_where_the_settings_say(notify, set_as, service):
    set_as()
    author, approver = notify.member(service), notify.member(service)
    root = f"/service/{service.id}/broadcast-message"
    body = {
        "service_id": str(service.id),
        "created_by": str(author.id),
        "content": "Leave now.",
        "reference": "flood-1",
        "areas": ["Skegness"],
        "simple_polygons": [[[53.12, 0.30], [53.18, 0.30], [53.18, 0.38], [53.12, 0.30]]],
    }
    message = notify.admin("POST", root, body).json
    for status, person in (("pending-approval", author), ("broadcasting", approver)):
        asked = {"status": status, "created_by": str(person.id)}
        assert notify.admin("POST", f"{root}/{message['id']}/status", asked).status_code == 200

    (event,) = notify.admin("GET", f"{root}/{message['id']}/events").json["events"]
    assert (event["channel"], event["providers"]) == ("government", ["vodafone"])

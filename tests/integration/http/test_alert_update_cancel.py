"""An alert, its update and its cancellation, from the request to what the four centres received."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from lxml import etree

import notify_adapters
from notify_core.kernel.calendar import cap_date, parse_datetime

PATH, CAP = "/v2/broadcast", "application/cap+xml"
SENDER, SENT = "www.gov.uk/environment-agency", "2026-01-05T12:00:00-00:00"
RING = "53.12,0.30 53.18,0.30 53.18,0.38 53.12,0.38 53.12,0.30"
SCHEMAS = Path(notify_adapters.__file__).parent / "schemas"
NAMESPACES = {"c": "urn:oasis:names:tc:emergency:cap:1.2", "i": "ibag:1.0"}
PAYLOAD_KEYS = {
    "alert": {"headline", "description", "areas", "sent", "expires", "language", "channel"},
    "update": {"headline", "description", "areas", "sent", "expires", "language", "channel", "references"},
    "cancel": {"references", "sent"},
}
COMMON = {"message_type", "identifier", "message_format"}


@pytest.fixture(params=["sqlite", "postgresql"])
def notify(request, make_notify):
    if request.param == "sqlite":
        yield make_notify()
        return
    server, template = (request.getfixturevalue(f"postgresql_{name}") for name in ("server", "template"))
    with server.database(template) as url:
        notify = make_notify(NOTIFY_DATABASE_URL=url)
        yield notify
        notify.container.wake().close()
        notify.container.engine().dispose()


@dataclass
class Agency:
    """A service with two people and a key: what they do, and what followed."""

    notify: Any
    service: Any = None

    def __post_init__(self):
        self.service = self.notify.broadcasting_service()
        self.ada, self.grace = self.notify.member(self.service), self.notify.member(self.service)
        self.key = self.notify.key(self.service)
        self.root = f"/service/{self.service.id}/broadcast-message"

    def post(self, kind, identifier, *, named=(), text="Leave now.", ring=RING, status=201):
        references = " ".join(f"{SENDER},{one},{SENT}" for one in named)
        refers = f"<references>{references}</references>" if named else ""
        document = f"""<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
          <identifier>{identifier}</identifier><sender>{SENDER}</sender><sent>{SENT}</sent>
          <status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>{refers}
          <info><category>Met</category><event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity>
          <certainty>Likely</certainty><description>{text}</description>
          <area><areaDesc>Coast</areaDesc><polygon>{ring}</polygon></area></info></alert>"""
        answer = self.notify.post(PATH, document.encode(), self.key, headers={"Content-Type": CAP})
        assert answer.status_code == status, answer.data
        return answer.json

    def admin(self, path, **body):
        answer = self.notify.admin("POST", f"{self.root}/{path}", body)
        assert answer.status_code < 300, answer.data
        return answer.json

    def approve(self, message):
        return self.admin(f"{message['id']}/status", status="broadcasting", created_by=str(self.grace.id))

    def approve_revision(self, message):
        (pending,) = (one for one in self.revisions(message) if one.status == "pending-approval")
        path = f"{message['id']}/revision/{pending.id}/status"
        return self.admin(path, status="approved", created_by=str(self.grace.id))

    def revisions(self, message):
        with self.notify.container.work()(read_only=True) as work:
            return list(work.broadcast_revisions.of_message(UUID(message["id"])))

    def events(self, message):
        return self.notify.admin("GET", f"{self.root}/{message['id']}/events").json["events"]


@pytest.fixture
def agency(notify):
    return Agency(notify)


def expect_valid(notify, message, events):
    """Each network received exactly these events, valid, in order, each naming all before it."""
    networks = notify.container.cbc()
    assert set(networks.enabled()) == {"ee", "o2", "three", "vodafone"}
    for network in networks.enabled():
        received = networks.broadcasts(network)
        copies = [copy for event in events for copy in event["provider_messages"] if copy["provider"] == network]
        assert [one.identifier for one in received] == [copy["id"] for copy in copies]
        assert {copy["status"] for copy in copies} == {"returned-ack"}
        for number, (broadcast, event) in enumerate(zip(received, events, strict=True)):
            assert broadcast.message_type == event["message_type"]
            expect_payload(broadcast.payload, event, copies[: number + 1], ibag=network == "vodafone")
            expect_xml(broadcast, copies[: number + 1], ibag=network == "vodafone")


def expect_payload(payload, event, copies, *, ibag):
    *earlier, own = copies
    numbered = {"message_number"} if ibag else set()
    assert set(payload) == COMMON | PAYLOAD_KEYS[event["message_type"]] | numbered
    assert payload["message_format"] == ("ibag" if ibag else "cap")
    assert payload["sent"] == cap_date(parse_datetime(event["sent_at"]))
    if ibag:
        assert payload["message_number"] == own["message_number"]
    if event["message_type"] != "alert":
        assert payload["references"] == [
            {"message_id": one["id"], "sent": one["created_at"]}
            | ({"message_number": one["message_number"]} if ibag else {})
            for one in earlier
        ]


def expect_xml(broadcast, copies, *, ibag):
    *earlier, own = copies
    document = etree.fromstring(broadcast.xml.encode())
    etree.XMLSchema(file=SCHEMAS / ("ibag-1.0.xsd" if ibag else "cap-1.2.xsd")).assertValid(document)

    def texts(path):
        return [element.text for element in document.findall(path, NAMESPACES)]

    dates = [cap_date(parse_datetime(one["created_at"])) for one in earlier]
    if ibag:
        assert texts("i:IBAG_cap_identifier") == [own["id"]]
        assert texts("i:IBAG_message_number") == [own["message_number"]]
        referred = "i:IBAG_referenced_message/i:IBAG_referenced_message"
        assert texts(f"{referred}_cap_identifier") == [one["id"] for one in earlier]
        assert texts(f"{referred}_number") == [one["message_number"] for one in earlier]
        assert texts(f"{referred}_sent_date_time") == dates
    else:
        assert texts("c:identifier") == [own["id"]]
        sender = "broadcasts@notifications.service.gov.uk"
        named = " ".join(f"{sender},{one['id']},{date}" for one, date in zip(earlier, dates, strict=True))
        assert texts("c:references") == ([named] if named else [])


def test_all_by_cap(notify, agency):
    message = agency.post("Alert", "flood-1")
    agency.approve(message)
    notify.drain()
    agency.post("Update", "flood-2", named=["flood-1"], text="Stay upstairs.")
    agency.approve_revision(message)
    notify.drain()
    agency.post("Update", "flood-3", named=["flood-1", "flood-2"], text="The water falls.")
    agency.approve_revision(message)
    notify.drain()
    ended = agency.post("Cancel", "flood-4", named=["flood-1", "flood-2", "flood-3"])
    notify.drain()

    assert (ended["id"], ended["status"], ended["content"]) == (message["id"], "cancelled", "The water falls.")
    events = agency.events(message)
    assert [event["message_type"] for event in events] == ["alert", "update", "update", "cancel"]
    expect_valid(notify, message, events)
    for network in ("ee", "vodafone"):
        sent = [one.payload.get("description") for one in notify.container.cbc().broadcasts(network)]
        assert sent == ["Leave now.", "Stay upstairs.", "The water falls.", None]
    assert notify.rows() == []


def test_all_by_people(notify, agency):
    ring = [[53.12, 0.30], [53.18, 0.30], [53.18, 0.38], [53.12, 0.38], [53.12, 0.30]]
    ada = {"created_by": str(agency.ada.id)}
    areas = {"areas": ["Coast"], "simple_polygons": [ring]}
    new = {"service_id": str(agency.service.id), "content": "Leave now.", "reference": "1"} | areas | ada
    message = notify.admin("POST", agency.root, new).json
    agency.admin(f"{message['id']}/status", status="pending-approval", **ada)
    agency.approve(message)
    wider = [[latitude, longitude + (0.1 if longitude > 0.3 else 0)] for latitude, longitude in ring]
    agency.admin(f"{message['id']}/revision", content="Stay upstairs.", areas=["Coast"], simple_polygons=[wider], **ada)
    # The alert is still on its way when its update is approved, and when it is cancelled.
    agency.approve_revision(message)
    agency.admin(f"{message['id']}/status", status="cancelled", **ada)
    settle(notify)

    events = agency.events(message)
    assert [event["message_type"] for event in events] == ["alert", "update", "cancel"]
    expect_valid(notify, message, events)
    assert notify.rows() == []
    update = notify.container.cbc().broadcasts("ee")[1].payload
    assert (update["description"], update["areas"]) == ("Stay upstairs.", [{"polygon": wider}])


def settle(notify):
    """Do all there is; what came too early is replayed, as an operator does."""
    notify.drain()
    for _ in range(10):
        for row in notify.rows():
            assert row.state == "failed"
            notify.container.ledger().replay(row.id)
        notify.drain()


def test_a_large_area_is_simplified_in_the_background(notify, agency):
    # A saw of so many teeth that nobody should wait for it.
    teeth = [f"{53.2 + number % 2 / 100:.2f},{number / 20_000:.5f}" for number in range(10_000)]
    message = agency.post("Alert", "flood-1", ring=" ".join([*teeth, "53,0.49995", "53,0", teeth[0]]))
    assert message["simple_polygons"] == []

    path = f"{agency.root}/{message['id']}/status"
    approval = {"status": "broadcasting", "created_by": str(agency.grace.id)}
    assert notify.admin("POST", path, approval).json["message"] == (
        f"broadcast_message {message['id']} cannot be broadcasted yet: its areas are still being simplified."
    )
    notify.drain()
    (polygon,) = agency.approve(message)["simple_polygons"]
    assert 4 <= len(polygon) < 1_000
    notify.drain()

    smaller = agency.post(
        "Update", "flood-2", named=["flood-1"], ring=" ".join([*teeth, "53.1,0.49995", "53.1,0", teeth[0]])
    )
    assert smaller["simple_polygons"] == [polygon]
    notify.drain()
    agency.approve_revision(message)
    notify.drain()
    expect_valid(notify, message, agency.events(message))
    assert notify.rows() == []


def test_an_update_by_people_and_one_by_cap_do_not_meet(notify, agency):
    message = agency.post("Alert", "flood-1")
    agency.approve(message)
    agency.admin(f"{message['id']}/revision", content="Stay upstairs.", created_by=str(agency.ada.id))

    refused = agency.post("Update", "flood-2", named=["flood-1"], status=400)
    assert refused["errors"] == [
        {
            "error": "BadRequestError",
            "message": f"broadcast_message {message['id']} has a revision awaiting approval already",
        }
    ]
    agency.approve_revision(message)
    first = agency.post("Update", "flood-2", named=["flood-1"])
    assert (first["status"], first["content"]) == ("broadcasting", "Stay upstairs.")
    # The same document again is the same answer, also when a revision waits.
    assert agency.post("Update", "flood-2", named=["flood-1"]) == first
    assert len(agency.revisions(message)) == 2

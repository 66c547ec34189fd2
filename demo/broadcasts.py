"""An emergency alert: posted, approved by a second person, acknowledged by four networks, updated, cancelled."""

import time
from collections.abc import Callable
from typing import Any

import requests
from notifications_python_client.authentication import create_jwt_token

from demo.account import Account, eventually, expect
from demo.flood_warning import flood_warning
from demo.platform import Platform
from demo.services import Cast
from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore, Kind
from notify_core.broadcasts.model import Route
from notify_entrypoints.maps import terminal_map

NETWORKS = ("ee", "o2", "three", "vodafone")
WITH_A_DEAD_ROUTE = "three"
UPDATE = "SEVERE FLOOD WARNING. The River Ouse at York has peaked. Stay away until the police lift this alert."


class Admin:
    """What an admin application would ask, with its own token."""

    def __init__(self, platform: Platform, service_id: str) -> None:
        self._platform = platform
        self._root = f"{platform.url}/service/{service_id}/broadcast-message"

    def post(self, path: str, body: dict[str, Any]) -> requests.Response:
        return requests.post(self._root + path, json=body, headers=self._headers(), timeout=10)

    def events(self, message_id: str) -> dict[str, Any]:
        answer = requests.get(f"{self._root}/{message_id}/events", headers=self._headers(), timeout=10)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {create_jwt_token(self._platform.admin_secret, 'notify-admin')}"}


def warn_of_a_flood(account: Account, platform: Platform, cast: Cast) -> None:
    """The whole life of one alert."""
    account.chapter("A severe flood warning to every phone at the River Ouse")
    store, admin = FakeNetworkStore(platform.data_dir), Admin(platform, cast.agency)
    store.script(WITH_A_DEAD_ROUTE, Route.FIRST, Behaviour(Kind.FUNCTION_ERROR))
    with account.step("a CAP 1.2 document is posted and waits for approval"):
        message = _post_cap(platform, cast)
    account.note(f"“{message['content'][:95]}…”\n{len(message['areas'])} areas, {_points(message)} points smoothed")
    with account.step("Ada corrects it and hands it in again"):
        _ok(admin.post(f"/{message['id']}", {"created_by": cast.author, "content": message["content"] + " Call 999."}))
        _ok(admin.post(f"/{message['id']}/status", {"created_by": cast.author, "status": "pending-approval"}))
    with account.step("Ada cannot approve what she wrote"):
        refusal = admin.post(f"/{message['id']}/status", {"created_by": cast.author, "status": "broadcasting"})
        expect(refusal.status_code == 400, f"it was answered with {refusal.status_code}")
    account.note(refusal.json()["message"])
    with account.step("Ben, a second person, approves it; all four networks acknowledge"):
        _ok(admin.post(f"/{message['id']}/status", {"created_by": cast.approver, "status": "broadcasting"}))
        approved = time.perf_counter()
        alert = eventually(_acknowledged(admin, message["id"], 0), within=20, otherwise="not all networks acknowledged")
        seconds = time.perf_counter() - approved
    account.note(f"four acknowledgements {seconds * 1000:.0f} ms after the approval\n{_told(alert)}")
    expect(_routes(alert)[WITH_A_DEAD_ROUTE] == 2, f"{WITH_A_DEAD_ROUTE} did not need its second route")
    for network in ("ee", "vodafone"):
        (broadcast,) = [one for one in store.broadcasts(network) if one.message_type == "alert"]
        account.note(f"what the centre of {network} got ({broadcast.payload['message_format']}):\n{broadcast.xml}")
    _update(account, admin, message["id"], cast)
    with account.step("the page of the fake networks shows it, to whoever has an admin secret"):
        _look_at_the_page(account, platform)
    with account.step("Ben cancels it; all four networks acknowledge"):
        _ok(admin.post(f"/{message['id']}/status", {"created_by": cast.approver, "status": "cancelled"}))
        cancel = eventually(_acknowledged(admin, message["id"], 2), within=20, otherwise="it did not go out")
    account.note(_told(cancel))
    with account.step("the operator sees it all: notify broadcasts show"):
        shown = platform.notify("broadcasts", "show", message["id"])
        expect("cancelled" in shown, "the command does not say that it was cancelled")
    account.note(shown.strip())


def _update(account: Account, admin: Admin, message_id: str, cast: Cast) -> None:
    """What is on air is changed as it was approved: by two people."""
    with account.step("Ada proposes a new text; she cannot approve that either"):
        answer = admin.post(f"/{message_id}/revision", {"created_by": cast.author, "content": UPDATE})
        _ok(answer)
        revision = f"/{message_id}/revision/{answer.json()['id']}/status"
        refusal = admin.post(revision, {"created_by": cast.author, "status": "approved"})
        expect(refusal.status_code == 400, f"it was answered with {refusal.status_code}")
    account.note(refusal.json()["message"])
    with account.step("Ben approves it: an update of the live alert; all four networks acknowledge"):
        _ok(admin.post(revision, {"created_by": cast.approver, "status": "approved"}))
        update = eventually(_acknowledged(admin, message_id, 1), within=20, otherwise="it did not go out")
        expect(update["message_type"] == "update", f"it is an event of the type {update['message_type']}")
    account.note(_told(update))


def _look_at_the_page(account: Account, platform: Platform) -> None:
    url, password = platform.fake_network_url, ("demo", platform.admin_secret)
    expect(requests.get(url, timeout=10).status_code == 401, "it asks for no password")
    page = requests.get(url, auth=password, timeout=10)
    expect(page.ok and UPDATE in page.text, f"it was answered with {page.status_code} and shows no update")
    networks = requests.get(f"{url}/state", auth=password, timeout=10).json()["networks"]
    on_air = {network["name"]: [heard["description"] for heard in network["on_air"]] for network in networks}
    expect(on_air == {network: [UPDATE] for network in NETWORKS}, f"on air is {on_air}")
    account.note(f"{url}\n{terminal_map(networks[0]['on_air'][0]['areas'])}")


def _post_cap(platform: Platform, cast: Cast) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {cast.agency_token()}", "Content-Type": "application/cap+xml"}
    answer = requests.post(f"{platform.url}/v2/broadcast", data=flood_warning(), headers=headers, timeout=10)
    expect(answer.status_code == 201, f"it was answered with {answer.status_code}: {answer.text}")
    message: dict[str, Any] = answer.json()
    expect(message["status"] == "pending-approval", f"it is {message['status']}")
    return message


def _acknowledged(admin: Admin, message_id: str, number: int) -> Callable[[], dict[str, Any] | None]:
    """Looks for the event with this number, acknowledged by every network."""

    def look() -> dict[str, Any] | None:
        events: list[dict[str, Any]] = admin.events(message_id)["events"]
        if len(events) <= number:
            return None
        copies = events[number]["provider_messages"]
        done = {copy["provider"] for copy in copies if copy["status"] == "returned-ack"} == set(NETWORKS)
        return events[number] if done else None

    return look


def _routes(event: dict[str, Any]) -> dict[str, int]:
    return {copy["provider"]: copy["attempts"][-1]["route"] for copy in event["provider_messages"]}


def _told(event: dict[str, Any]) -> str:
    return ", ".join(f"{network} by route {route}" for network, route in sorted(_routes(event).items()))


def _points(message: dict[str, Any]) -> int:
    return sum(len(ring) for ring in message["simple_polygons"])


def _ok(answer: requests.Response) -> None:
    expect(answer.ok, f"it was answered with {answer.status_code}: {answer.text}")

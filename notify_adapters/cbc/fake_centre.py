"""A cell broadcast centre behind its proxies, as far as a proxy's caller can tell."""

import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from notify_adapters.cbc.fake_store import FakeNetworkStore, Kind
from notify_adapters.cbc.payloads import Payload
from notify_adapters.cbc.xml import UnfitForNetwork, render
from notify_adapters.xml import schema
from notify_core.broadcasts.model import Route
from notify_core.broadcasts.ports import NetworkProfile
from notify_core.kernel.calendar import parse_cap_date
from notify_core.kernel.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller of a proxy gets. ``kind`` says in which way it failed, ``detail`` why."""

    kind: Kind
    detail: str

    @property
    def acknowledged(self) -> bool:
        return self.kind is Kind.ACKNOWLEDGES


class _Refused(Exception):
    """What a centre answers; it never leaves this module."""


@dataclass(frozen=True, slots=True)
class _Received:
    network: str
    route: Route
    payload: Payload
    at: datetime


_HEARD = {
    Kind.ACKNOWLEDGES: Answer(Kind.ACKNOWLEDGES, "acknowledged"),
    Kind.ACKNOWLEDGEMENT_LOST: Answer(Kind.ACKNOWLEDGEMENT_LOST, "no answer in time: scripted"),
}
_UNHEARD = {
    Kind.CLIENT_ERROR: Answer(Kind.CLIENT_ERROR, "ServiceException: scripted"),
    Kind.STATUS: Answer(Kind.STATUS, "StatusCode 300: scripted"),
    Kind.FUNCTION_ERROR: Answer(Kind.FUNCTION_ERROR, "FunctionError Unhandled: scripted"),
    Kind.TIME_OUT: Answer(Kind.TIME_OUT, "no answer in time: scripted"),
}


class FakeCentre:
    """Takes payloads, renders and checks their XML, and refuses what a real one would: an identifier it
    had with other content, references it never had, what has expired or is for nowhere, another network's
    format, XML against the schema."""

    def __init__(self, store: FakeNetworkStore, sleep: Callable[[float], None] = time.sleep) -> None:
        self._store = store
        self._sleep = sleep

    def prepare(self) -> None:
        """Do what would slow the first message down."""
        self._store.prepare()
        for name in ("cap-1.2", "ibag-1.0"):
            schema(name)

    def receive(self, profile: NetworkProfile, route: Route, payload: Payload) -> Answer:
        behaviour, at = self._store.next_behaviour(profile.name, route)
        if behaviour.latency:
            self._sleep(behaviour.latency)
        received = _Received(profile.name, route, payload, at + timedelta(seconds=behaviour.latency))
        if behaviour.kind in _UNHEARD:
            return self._logged(received, _UNHEARD[behaviour.kind])
        try:
            xml = render(payload, received.at)
            _check_taken_here(profile, payload)
            with self._store.transaction() as store:
                _take(store, received, xml)
                _log(store, received, _HEARD[behaviour.kind])
        except UnfitForNetwork as unfit:
            return self._logged(received, _refusal(f"the message is not valid: {unfit}"))
        except _Refused as refused:
            return self._logged(received, _refusal(str(refused)))
        return _HEARD[behaviour.kind]

    def _logged(self, received: _Received, answer: Answer) -> Answer:
        with self._store.transaction() as store:
            _log(store, received, answer)
        return answer


def _refusal(why: str) -> Answer:
    return Answer(Kind.FUNCTION_ERROR, f"FunctionError Unhandled: {why}")


def _check_taken_here(profile: NetworkProfile, payload: Payload) -> None:
    if payload["message_format"] != profile.format:
        raise _Refused(f"this network does not take {payload['message_format']} but {profile.format}")
    if payload.get("areas") == []:
        raise _Refused(f"{payload['identifier']} is for no area")


def _take(store: sqlite3.Connection, received: _Received, xml: str) -> None:
    network, payload = received.network, received.payload
    identifier = payload["identifier"]
    content = json.dumps(payload, sort_keys=True)
    earlier = store.execute(
        "select payload from broadcasts where network = ? and identifier = ?", (network, identifier)
    ).fetchone()
    if earlier is not None:
        if earlier[0] != content:
            raise _Refused(f"{identifier} was sent before with other content")
        return
    _check_references(store, network, payload)
    if "expires" in payload and _instant(payload["expires"]) <= received.at:
        raise _Refused(f"{identifier} expired at {payload['expires']}")
    store.execute(
        "insert into broadcasts (network, route, identifier, message_type, payload, xml, at)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        (network, received.route, identifier, payload["message_type"], content, xml, received.at.isoformat()),
    )


def _instant(text: str) -> datetime:
    try:
        return parse_cap_date(text)
    except InvalidValue as error:
        raise _Refused(str(error)) from error


def _check_references(store: sqlite3.Connection, network: str, payload: Payload) -> None:
    if payload["message_type"] not in {"update", "cancel"}:
        return
    if not payload["references"]:
        raise _Refused(f"{payload['message_type']} of nothing: it has no references")
    for reference in payload["references"]:
        known = store.execute(
            "select payload from broadcasts where network = ? and identifier = ? and message_type <> 'test'",
            (network, reference["message_id"]),
        ).fetchone()
        if known is None or json.loads(known[0]).get("message_number") != reference.get("message_number"):
            raise _Refused(f"{reference['message_id']} is unknown here")


def _log(store: sqlite3.Connection, received: _Received, answer: Answer) -> None:
    identifier, message_type = (str(received.payload.get(key, "")) for key in ("identifier", "message_type"))
    store.execute(
        "insert into calls (network, route, identifier, message_type, answer, at) values (?, ?, ?, ?, ?, ?)",
        (received.network, received.route, identifier, message_type, answer.detail, received.at.isoformat()),
    )

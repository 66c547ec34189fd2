"""The fake networks' face: one document for the page, its JSON and the command line."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from notify_adapters.cbc.fake_state import FakeNetworkState, state_of
from notify_adapters.cbc.fake_store import Broadcast, Call, Script
from notify_core.kernel.calendar import format_datetime
from notify_entrypoints.maps import Pairs, svg_map
from notify_entrypoints.settings import Settings, SettingsError

if TYPE_CHECKING:  # its XML needs a library, which the command line's help should not wait for
    from notify_adapters.cbc.fake import FakeNetworks

LATEST = 100  # broadcasts and calls of a network that are shown


def are_played(settings: Settings) -> bool:
    """Whether this deployment's networks are fakes that may be shown: never in ``live``, whatever is allowed there."""
    return settings.adapters["cbc"][0].name == "fake" and not settings.live


def check_played(settings: Settings) -> None:
    """:raises SettingsError: the networks here are no fakes, or this is ``live``."""
    if settings.live:
        raise SettingsError("the fake networks are neither shown nor scripted in live")
    if not are_played(settings):
        chosen = settings.adapters["cbc"][0].name
        raise SettingsError(f"NOTIFY_CBC={chosen}: this is for the fake networks (NOTIFY_CBC=fake)")


def document(networks: "FakeNetworks", now: datetime, only: str | None = None) -> dict[str, Any]:
    """The state of each network, or of ``only`` one, as plain values.

    :raises NotFound: no network is called so.
    """
    names = [profile.name for profile in networks.profiles] if only is None else [networks.profile(only).name]
    enabled = networks.enabled()
    return {
        "at": format_datetime(now),
        "networks": [
            _network(state_of(networks.store, networks.profile(name), enabled=name in enabled, now=now, limit=LATEST))
            for name in names
        ],
    }


def areas_of(state: FakeNetworkState) -> list[Pairs]:
    """All polygons that are on air."""
    return [area["polygon"] for broadcast in state.on_air for area in broadcast.payload["areas"]]


def script_text(script: dict[str, Any]) -> str:
    """How a route behaves, in words."""
    slow = f" after {script['latency']:g} s" if script["latency"] else ""
    times = "" if script["times"] is None else f", {script['times']} more call{'s' * (script['times'] != 1)}"
    return f"route {script['route']} {script['kind']}{slow}{times}"


def _network(state: FakeNetworkState) -> dict[str, Any]:
    return {
        "name": state.profile.name,
        "format": state.profile.format.value,
        "functions": list(state.profile.functions),
        "enabled": state.enabled,
        "scripts": [_script(script) for script in state.scripts],
        "on_air": [_heard(broadcast) for broadcast in state.on_air],
        "map": svg_map(areas_of(state)) or None,
        "taken": state.taken,
        "broadcasts": [_broadcast(broadcast) for broadcast in state.broadcasts],
        "calls": [_call(call) for call in state.calls],
    }


def _script(script: Script) -> dict[str, Any]:
    behaviour = script.behaviour
    return {
        "route": script.route.value,
        "kind": behaviour.kind.value,
        "latency": behaviour.latency,
        "times": script.times,
    }


def _heard(broadcast: Broadcast) -> dict[str, Any]:
    payload = broadcast.payload
    names = ("identifier", "message_type", "channel", "language", "headline", "description", "sent", "expires")
    return {**{name: payload[name] for name in names}, "areas": [area["polygon"] for area in payload["areas"]]}


def _broadcast(broadcast: Broadcast) -> dict[str, Any]:
    return {
        "identifier": broadcast.identifier,
        "message_type": broadcast.message_type,
        "route": broadcast.route.value,
        "received_at": format_datetime(broadcast.received_at),
        "payload": broadcast.payload,
        "xml": broadcast.xml,
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "at": format_datetime(call.at),
        "route": call.route.value,
        "message_type": call.message_type,
        "identifier": call.identifier,
        "answer": call.answer,
    }

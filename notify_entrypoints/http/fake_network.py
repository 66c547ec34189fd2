"""What the fake networks have on air, as a page for people and as JSON. Reading only; there is no such thing in
``live``, nor beside real networks."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request
from markupsafe import Markup

from notify_entrypoints.containers import container_of
from notify_entrypoints.fake_network import document, script_text
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import HTML, documented
from notify_entrypoints.http.schemas.status import FAKE_NETWORK_QUERY, FAKE_NETWORKS

blueprint = Blueprint("fake_network", __name__, url_prefix="/fake-network", template_folder="pages")

# What phones show is somebody's text: nothing of it is run, and nothing is fetched from anywhere.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_REFRESH = (2, 10)  # seconds
_SHOWN = 60


@blueprint.get("")
@authentication(Authentication.OPERATOR)
@documented("What the fake networks have on air", None, answer_type=HTML, query=FAKE_NETWORK_QUERY, refuses=(404,))
def page() -> Response:
    found = _state()
    only, refresh = request.args.get("network"), request.args.get("refresh", type=int)
    for network in found["networks"]:
        heard = {broadcast["identifier"] for broadcast in network["on_air"]}
        for broadcast in network["broadcasts"]:
            broadcast["on_air"] = broadcast["identifier"] in heard
        # Made of numbers only, by us.
        network["map"] = Markup(network["map"]) if network["map"] else None  # noqa: S704
        network["scripts"] = [script_text(script) for script in network["scripts"]]
    html = render_template(
        "fake_network.html",
        at=found["at"],
        networks=found["networks"],
        names=[profile.name for profile in container_of(current_app).cbc().profiles],
        broadcasts=_merged(found, "broadcasts", "received_at"),
        calls=_merged(found, "calls", "at"),
        only=only,
        refresh=refresh if refresh in _REFRESH else None,
        intervals=_REFRESH,
        link=_link,
        written=_written,
    )
    return make_response(html, _HEADERS)


@blueprint.get("/state")
@authentication(Authentication.OPERATOR)
@documented("The same as JSON", FAKE_NETWORKS, query=FAKE_NETWORK_QUERY, refuses=(404,))
def state() -> Response:
    response = jsonify(_state())
    response.headers.update(_HEADERS)
    return response


def _state() -> dict[str, Any]:
    container = container_of(current_app)
    return document(container.cbc(), container.clock().now(), request.args.get("network"))


def _merged(found: dict[str, Any], what: str, when: str) -> list[dict[str, Any]]:
    """The latest of all networks, newest first, each with its network's name."""
    rows = [{"network": network["name"], **row} for network in found["networks"] for row in network[what]]
    # Turned round as a whole: so what came in the same millisecond is turned round, too.
    return sorted(rows, key=lambda row: str(row[when]))[: -_SHOWN - 1 : -1]


def _link(network: str | None, refresh: int | None) -> str:
    chosen = {name: value for name, value in {"network": network, "refresh": refresh}.items() if value is not None}
    return f"?{urlencode(chosen)}"


def _written(payload: Mapping[str, Any]) -> str:
    """As JSON with a line for each key: polygons with a line for each number are longer than anybody reads."""
    lines = (f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in payload.items())
    return "{\n" + ",\n".join(lines) + "\n}"

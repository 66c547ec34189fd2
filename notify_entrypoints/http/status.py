"""Is it alive, and are its parts?"""

from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

from flask import Blueprint, Flask, current_app, request

from notify_entrypoints.containers import Container
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.schemas.status import ALIVE, NOT_READY, STATUS_QUERY
from notify_entrypoints.readiness import Readiness

blueprint = Blueprint("status", __name__)

# Read once: a process does not change its version, and reading it opens files.
VERSION: Final = version("notify-platform")


_EXTENSION = "readiness"


def install(app: Flask, container: Container, ports: Sequence[str]) -> None:
    """Say which parts requests need."""
    app.extensions[_EXTENSION] = Readiness(container, ports, container.clock())


@blueprint.get("/_status")
@authentication(Authentication.NONE)
@documented(
    "Is it alive, and with ?ready: is all there that it needs",
    ALIVE,
    answers={503: NOT_READY},
    query=STATUS_QUERY,
)
def status() -> Any:
    """Liveness asks nothing of anybody else; readiness asks every part, and says no more than which does not answer."""
    if "ready" not in request.args:
        return {"status": "ok", "version": VERSION}
    readiness: Readiness = current_app.extensions[_EXTENSION]
    answers = readiness()
    parts = [asdict(answer) for answer in answers]
    if all(answer.ready for answer in answers):
        return {"status": "ok", "version": VERSION, "parts": parts}
    return {"status": "not ready", "version": VERSION, "parts": parts}, HTTPStatus.SERVICE_UNAVAILABLE

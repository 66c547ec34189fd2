"""Is it alive?"""

from importlib.metadata import version
from typing import Any, Final

from flask import Blueprint

from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.schemas.status import ALIVE

blueprint = Blueprint("status", __name__)

# Read once: a process does not change its version, and reading it opens files.
VERSION: Final = version("notify-platform")


@blueprint.get("/_status")
@authentication(Authentication.NONE)
@documented("Is it alive?", ALIVE)
def status() -> dict[str, Any]:
    """Liveness only: it asks nothing of anybody else."""
    return {"status": "ok", "version": VERSION}

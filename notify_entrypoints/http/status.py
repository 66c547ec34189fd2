"""Is it alive?"""

from importlib.metadata import version
from typing import Any

from flask import Blueprint

from notify_entrypoints.http.authentication import Authentication, authentication

blueprint = Blueprint("status", __name__)


@blueprint.get("/_status")
@authentication(Authentication.NONE)
def status() -> dict[str, Any]:
    """Liveness only: it asks nothing of anybody else."""
    return {"status": "ok", "version": version("notify-platform")}

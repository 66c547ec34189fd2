"""Around every request: an id, echoed and carried into logs and tasks, and one line in the log.

The line names the route, not the path: paths hold ids. All of this is around the framework, not in its hooks, so that
it costs no request more than it must.
"""

import logging
import re
from collections.abc import Iterable
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from flask import Flask, Request

from notify_core.kernel.trace import request_id
from notify_core.ports.clock import Clock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

HEADER: Final = "X-B3-TraceId"
UNKNOWN_ROUTE: Final = "unknown"

# What may stand in a log line and a header: anything else would let a caller write lines of its own.
_ACCEPTABLE = re.compile(r"[0-9A-Za-z._-]{1,64}")
# Where a request's WSGI environment says which service makes it.
_SERVICE: Final = "notify.service_id"


def install(app: Flask, clock: Clock) -> None:
    """Give every request an id and every answer its header, and log every answer with its method, route, status,
    milliseconds, request id and service id."""
    app.wsgi_app = _logged(app.wsgi_app, clock)  # type: ignore[method-assign, assignment]  # as the framework's manual has it


def is_made_by(request: Request, service_id: UUID) -> None:
    """Say which service makes ``request``."""
    request.environ[_SERVICE] = service_id


def _logged(inner: "WSGIApplication", clock: Clock) -> "WSGIApplication":
    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        begun = clock.monotonic()
        given = environ.get("HTTP_X_B3_TRACEID", "")
        this = given if _ACCEPTABLE.fullmatch(given) else token_hex(16)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            # Now: when it is over, the framework takes the request out of its environment.
            _log(environ, this, int(status[:3]), round((clock.monotonic() - begun) * 1000, 1))
            return start_response(status, [*headers, (HEADER, this)], *error)

        token = request_id.set(this)
        try:
            return inner(environ, start)
        finally:
            request_id.reset(token)

    return answer


def _log(environ: "WSGIEnvironment", this: str, status: int, milliseconds: float) -> None:
    request: Request = environ["werkzeug.request"]
    method, route = request.method, UNKNOWN_ROUTE if request.url_rule is None else request.url_rule.rule
    service_id = environ.get(_SERVICE) or (request.view_args or {}).get("service_id")
    log.info(
        "%s %s %d in %.1f ms",
        method,
        route,
        status,
        milliseconds,
        extra={
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": milliseconds,
            "request_id": this,
            "service_id": None if service_id is None else str(service_id),
        },
    )

"""One line in the log for each request. It names the route, not the path: paths hold ids."""

import logging

from flask import Flask, Response, g, request

from notify_entrypoints.containers import Container

log = logging.getLogger(__name__)

UNKNOWN_ROUTE = "unknown"


def install(app: Flask, container: Container) -> None:
    """Log every answer with its method, route, status, milliseconds, request id and service id."""
    clock = container.clock()

    @app.before_request
    def _begin() -> None:
        g.begun = clock.monotonic()

    @app.after_request
    def _log(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule is not None else UNKNOWN_ROUTE
        milliseconds = round((clock.monotonic() - g.begun) * 1000, 1)
        caller = g.get("caller")
        log.info(
            "%s %s %d in %.1f ms",
            request.method,
            route,
            response.status_code,
            milliseconds,
            extra={
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "milliseconds": milliseconds,
                "request_id": g.get("request_id"),
                "service_id": str(caller.service.id) if caller else (request.view_args or {}).get("service_id"),
            },
        )
        return response

"""The request id: taken from the caller or made here, echoed, and carried into logs and tasks."""

import re
from uuid import uuid4

from flask import Flask, Response, g, request

from notify_core.kernel.trace import request_id

HEADER = "X-B3-TraceId"
# What may stand in a log line and a header: anything else would let a caller write lines of its own.
_ACCEPTABLE = re.compile(r"[0-9A-Za-z._-]{1,64}")


def install(app: Flask) -> None:
    """Give every request an id and every response the header."""

    @app.before_request
    def _take_or_make() -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _ACCEPTABLE.fullmatch(given) else uuid4().hex
        g.request_id_token = request_id.set(g.request_id)

    @app.after_request
    def _echo(response: Response) -> Response:
        if made := g.get("request_id"):
            response.headers[HEADER] = made
        return response

    @app.teardown_request
    def _forget(_error: BaseException | None) -> None:
        if token := g.pop("request_id_token", None):
            request_id.reset(token)

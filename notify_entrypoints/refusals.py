"""What ``notify serve`` refuses before the application sees it: too large, or not HTTP."""

import json
from collections.abc import Iterable
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from notify_entrypoints.http.errors import body_of


class Refusal(ErrorTask):
    """waitress's own is plain text; callers parse what the API answers."""

    def execute(self) -> None:
        request: Any = self.request  # the stubs take it for the error in it
        error = request.error
        path = getattr(request, "path", "")
        body = json.dumps(body_of(path, error.code, type(error).__name__, f"{error.reason}: {error.body}")).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [*self.response_headers, ("Content-Type", "application/json")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    error_task_class = Refusal


def refuse_as_the_api(sockets: Iterable[object]) -> None:
    """Let those of ``sockets`` that are servers answer in the API's shapes."""
    for socket in sockets:
        if isinstance(socket, BaseWSGIServer):
            socket.channel_class = Channel

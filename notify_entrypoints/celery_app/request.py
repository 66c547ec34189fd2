"""What a worker does about a message that it cannot answer for."""

from typing import Any

from celery.worker.request import Request


class AnsweredRequest(Request):
    """Celery notes that a message could not be acknowledged, and goes on. On Redis the connection is lost by then, and
    nobody would notice: a worker that has all the messages it may have asks for none, and would never ask again. Here
    such an error reaches the event loop, and the worker connects anew. The message comes again; its row is gone."""

    def __init__(self, *given: Any, **options: Any) -> None:
        # Those that are only noted.
        super().__init__(*given, **{**options, "connection_errors": ()})

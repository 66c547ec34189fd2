"""The id that ties a request to every log line and task it causes."""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("notify_request_id", default=None)

"""A callback sender whose other end is a dictionary."""

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from notify_core.callbacks.model import Problem
from notify_core.callbacks.ports import CallbackFailed, CallbackRefused, CallbackRequest


@dataclass(frozen=True)
class Answer:
    """What an address answers; ``status`` None: nobody is there."""

    status: int | None = 200
    retry_after: timedelta | None = None


@dataclass
class MemoryCallbackSender:
    """``requests`` are those that reached an address, whatever it answered. Refuses plain http,
    ``localhost`` and addresses that are not public."""

    requests: list[CallbackRequest] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)

    def answer(self, url: str, status: int | None, *, retry_after: timedelta | None = None) -> None:
        """From now on ``url`` answers with ``status`` (None: it cannot be reached)."""
        self.answers[url] = Answer(status, retry_after)

    def post(self, request: CallbackRequest) -> int:
        parts = urlsplit(request.url)
        if parts.scheme != "https" or _is_private(parts.hostname or "localhost"):
            raise CallbackRefused("only public https addresses are called back", problem=Problem.ADDRESS)
        answer = self.answers.get(request.url, Answer())
        if answer.status is None:
            raise CallbackFailed("nobody is there", problem=Problem.NO_CONNECTION)
        self.requests.append(request)
        status, said = answer.status, f"answered {answer.status}"
        if status == 429 or status >= 500:
            raise CallbackFailed(said, status=status, retry_after=answer.retry_after)
        if not 200 <= status < 300:
            raise CallbackRefused(said, status=status)
        return status


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost"

"""A callback sender whose other end is a dictionary."""

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from notify_core.callbacks.ports import CallbackRequest
from notify_core.kernel.errors import PermanentError, TransientError


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

    def post(self, request: CallbackRequest) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "https" or _is_private(parts.hostname or "localhost"):
            raise PermanentError("only public https addresses are called back")
        answer = self.answers.get(request.url, Answer())
        if answer.status is None:
            raise TransientError("nobody is there")
        self.requests.append(request)
        if answer.status == 429 or answer.status >= 500:
            raise TransientError(f"answered {answer.status}", retry_after=answer.retry_after)
        if not 200 <= answer.status < 300:
            raise PermanentError(f"answered {answer.status}")


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost"

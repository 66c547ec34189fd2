"""How everything that calls services back behaves."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

import pytest

from notify_core.callbacks.model import Problem
from notify_core.callbacks.ports import CallbackFailed, CallbackRefused, CallbackRequest, CallbackSender


class Receiver(Protocol):
    """A service's server in a test."""

    @property
    def url(self) -> str:
        """Where it listens; an address that ``sender`` may reach."""
        ...

    def answer(self, status: int, headers: dict[str, str] | None = None) -> None:
        """From now on it answers with ``status``."""
        ...

    def vanish(self) -> None:
        """From now on nobody is there: connections fail or time out."""
        ...

    def requests(self) -> Sequence[CallbackRequest]:
        """What arrived, oldest first; header names in lower case."""
        ...


class CallbackSenderContract:
    """Supply ``sender``, which may reach the ``receiver``; and ``strict_sender``, made as in ``live``."""

    @pytest.fixture
    def sender(self) -> CallbackSender:
        raise NotImplementedError

    @pytest.fixture
    def strict_sender(self) -> CallbackSender:
        raise NotImplementedError

    @pytest.fixture
    def receiver(self) -> Receiver:
        raise NotImplementedError

    def test_posts_body_and_headers_as_they_are(self, sender: CallbackSender, receiver: Receiver) -> None:
        sender.post(_request(receiver.url))

        (arrived,) = receiver.requests()
        assert arrived.body == '{"to": "Siân"}'.encode()
        assert arrived.headers["authorization"] == "Bearer word"
        assert arrived.headers["content-type"] == "application/json"
        assert arrived.headers["webhook-id"] == "delivery-1"

    @pytest.mark.parametrize("status", [200, 201, 202, 204])
    def test_any_2xx_is_done(self, sender: CallbackSender, receiver: Receiver, status: int) -> None:
        receiver.answer(status)

        assert sender.post(_request(receiver.url)) == status

        assert len(receiver.requests()) == 1

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_may_work_later(self, sender: CallbackSender, receiver: Receiver, status: int) -> None:
        receiver.answer(status)

        with pytest.raises(CallbackFailed) as caught:
            sender.post(_request(receiver.url))
        assert (caught.value.status, caught.value.problem) == (status, None)
        # Trying again is the ledger's business, never the sender's own.
        assert len(receiver.requests()) == 1

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
    def test_another_4xx_is_final(self, sender: CallbackSender, receiver: Receiver, status: int) -> None:
        receiver.answer(status)

        with pytest.raises(CallbackRefused) as caught:
            sender.post(_request(receiver.url))
        assert (caught.value.status, caught.value.problem) == (status, None)

    def test_says_how_long_it_was_asked_to_wait(self, sender: CallbackSender, receiver: Receiver) -> None:
        receiver.answer(429, {"Retry-After": "120"})

        with pytest.raises(CallbackFailed) as caught:
            sender.post(_request(receiver.url))
        assert caught.value.retry_after == timedelta(seconds=120)

    def test_follows_no_redirect(self, sender: CallbackSender, receiver: Receiver) -> None:
        receiver.answer(302, {"Location": receiver.url})

        with pytest.raises(CallbackRefused) as caught:
            sender.post(_request(receiver.url))
        assert caught.value.status == 302
        assert len(receiver.requests()) == 1

    def test_nobody_there(self, sender: CallbackSender, receiver: Receiver) -> None:
        receiver.vanish()

        with pytest.raises(CallbackFailed) as caught:
            sender.post(_request(receiver.url))
        assert caught.value.status is None
        assert caught.value.problem in {Problem.NO_CONNECTION, Problem.TIME_OUT}

    @pytest.mark.parametrize(
        "url",
        [
            "http://example.com/callback",
            "https://127.0.0.1/callback",
            "https://[::1]/callback",
            "https://[::ffff:10.0.0.1]/callback",
            "https://10.1.2.3/callback",
            "https://192.168.0.1/callback",
            "https://169.254.169.254/latest/meta-data",
            "https://localhost/callback",
            "ftp://example.com/callback",
            "nonsense",
        ],
    )
    def test_addresses_that_are_never_reached(self, strict_sender: CallbackSender, url: str) -> None:
        with pytest.raises(CallbackRefused) as caught:
            strict_sender.post(_request(url))
        assert (caught.value.status, caught.value.problem) == (None, Problem.ADDRESS)


def _request(url: str) -> CallbackRequest:
    headers = {"Authorization": "Bearer word", "Content-Type": "application/json", "webhook-id": "delivery-1"}
    return CallbackRequest(url, '{"to": "Siân"}'.encode(), headers)

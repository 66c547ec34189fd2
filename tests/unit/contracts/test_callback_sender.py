from datetime import timedelta

import pytest

from notify_core.callbacks.ports import CallbackRequest
from notify_core.testing.contracts.callback_sender import CallbackSenderContract
from notify_core.testing.fakes.callback_sender import MemoryCallbackSender


class Receiver:
    url = "https://service.example.com/callback"

    def __init__(self, sender):
        self.sender = sender

    def answer(self, status, headers=None):
        seconds = (headers or {}).get("Retry-After")
        self.sender.answer(self.url, status, retry_after=timedelta(seconds=int(seconds)) if seconds else None)

    def vanish(self):
        self.sender.answer(self.url, None)

    def requests(self):
        return [
            CallbackRequest(r.url, r.body, {name.lower(): value for name, value in r.headers.items()})
            for r in self.sender.requests
        ]


class TestMemoryCallbackSender(CallbackSenderContract):
    @pytest.fixture
    def sender(self):
        return MemoryCallbackSender()

    @pytest.fixture
    def strict_sender(self, sender):
        return sender

    @pytest.fixture
    def receiver(self, sender):
        return Receiver(sender)

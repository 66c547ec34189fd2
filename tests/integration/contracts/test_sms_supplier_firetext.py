from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import pytest

from notify_adapters.sms.firetext import build, build_inbound, build_receipts
from notify_core.inbound.ports import InboundRequest
from notify_core.kernel.errors import TransientError
from notify_core.notifications.model import Outcome
from notify_core.notifications.ports import OutgoingSms, ReceiptRequest
from notify_core.testing.contracts.inbound_translator import InboundTranslatorContract
from notify_core.testing.contracts.receipt_translator import ReceiptTranslatorContract
from notify_core.testing.contracts.sms_supplier import SmsSupplierContract

TEXT = OutgoingSms("reference-1", "+447700900123", "Hello & £5", "GOVUK")


class FiretextEnd:
    def __init__(self, server):
        self.server = server
        self.taken = {}
        self.make_it_work()

    def make_it_fail(self):
        self.server.answer_with(200, b'{"code": 7, "description": "Insufficient credit"}')

    def make_it_refuse(self):
        self.server.answer_with(200, b'{"code": 2, "description": "Destination error"}')

    def make_it_work(self):
        self.server.respond = self._take

    def _take(self, path, headers, body):
        form = dict(parse_qsl(body.decode()))
        self.taken.setdefault(form["reference"], form)
        return 200, {}, b'{"code": 0, "description": "SMS successfully queued"}'

    def texts(self):
        return [("+" + text["to"], text["from"], text["message"]) for text in self.taken.values()]


class TestFiretext(SmsSupplierContract):
    @pytest.fixture
    def supplier(self, loopback):
        return build({"url": loopback.url, "api_key": "word"})

    @pytest.fixture(autouse=True)
    def other_end(self, loopback):
        return FiretextEnd(loopback)

    def test_one_connection_is_kept_for_many_texts(self, supplier, loopback):
        for number in range(3):
            supplier.send(replace(TEXT, reference=f"reference-{number}"))
        assert len(loopback.arrived) == 3
        assert len(loopback.connections) == 1

    def test_what_goes_over_the_wire(self, supplier, loopback):
        assert supplier.name == "firetext"
        assert supplier.send(TEXT) == "reference-1"

        ((_, headers, body),) = loopback.arrived
        assert headers["content-type"] == "application/x-www-form-urlencoded"
        assert dict(parse_qsl(body.decode())) == {
            "apiKey": "word",
            "from": "GOVUK",
            "to": "447700900123",
            "message": "Hello & £5",
            "reference": "reference-1",
        }

    @pytest.mark.parametrize(
        ("status", "body"),
        [(401, b""), (503, b""), (200, b"<html>"), (200, b"[]"), (200, b"{}"), (200, b'{"code": 1}')],
    )
    def test_what_is_wrong_with_us_says_nothing_about_the_message(self, supplier, loopback, status, body):
        loopback.answer_with(status, body)
        with pytest.raises(TransientError):
            supplier.send(TEXT)

    def test_the_key_is_not_shown(self, supplier):
        assert "word" not in repr(supplier)


class TestFiretextReceipts(ReceiptTranslatorContract):
    signs_requests = False
    outcomes = frozenset(Outcome)

    @pytest.fixture
    def translator(self):
        return build_receipts({})

    def genuine(self, translator, reference, outcome):
        words = {
            Outcome.DELIVERED: {"status": 0},
            Outcome.PERMANENT: {"status": 1, "code": 101},
            Outcome.TEMPORARY: {"status": 1, "code": 900},
            Outcome.PENDING: {"status": 2},
            Outcome.PERMANENT_UNDETAILED: {"status": 1},
            Outcome.UNKNOWN: {"status": 7},
        }
        return _receipt(reference=reference, **words[outcome])

    @pytest.mark.parametrize("code", ["101", "201", "301", "401"])
    def test_declined_for_good(self, translator, code):
        assert _outcome(translator, status=1, code=code) == Outcome.PERMANENT

    @pytest.mark.parametrize("code", ["000", "102", "103", "104", "302", "900"])
    def test_declined_for_now(self, translator, code):
        assert _outcome(translator, status=1, code=code) == Outcome.TEMPORARY

    @pytest.mark.parametrize("more", [{}, {"code": ""}, {"code": "999"}])
    def test_declined_without_a_known_reason(self, translator, more):
        assert _outcome(translator, status=1, **more) == Outcome.PERMANENT_UNDETAILED

    @pytest.mark.parametrize(("status", "outcome"), [(0, "delivered"), (2, "pending"), (3, "unknown")])
    def test_a_reason_counts_only_where_it_was_declined(self, translator, status, outcome):
        assert _outcome(translator, status=status, code="101") == outcome


def _receipt(**form):
    return ReceiptRequest(urlencode({"mobile": "447700900123", **form}).encode(), {})


def _outcome(translator, **form):
    (receipt,) = translator.translate(_receipt(reference="a", **form))
    return receipt.outcome


class TestFiretextInbound(InboundTranslatorContract):
    @pytest.fixture
    def translator(self):
        return build_inbound({"inbound_password": "word"})

    def genuine(self, translator, source, destination, content, time="2026-01-01 12:00:00"):
        form = {"source": source, "destination": destination, "message": content, "time": time}
        header = f"Basic {b64encode(b'notify:word').decode()}"
        return InboundRequest(urlencode(form).encode(), {"authorization": header})

    def test_the_same_words_at_another_time_are_another_text(self, translator):
        first, second = (self.genuine(translator, "1", "2", "Help", f"2026-01-01 12:00:0{second}") for second in (1, 2))
        assert translator.translate(first).reference != translator.translate(second).reference
        assert translator.translate(first).sent_at == datetime(2026, 1, 1, 12, 0, 1, tzinfo=UTC)

    def test_a_text_may_be_empty(self, translator):
        assert translator.translate(self.genuine(translator, "1", "2", "")).content == ""

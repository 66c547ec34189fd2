import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote_plus

import pytest

from notify_adapters.options import BadOption
from notify_adapters.sms.mmg import build, build_inbound, build_receipts
from notify_core.inbound.ports import InboundForbidden, InboundRequest
from notify_core.kernel.errors import TransientError
from notify_core.notifications.model import Outcome
from notify_core.notifications.ports import OutgoingSms, ReceiptRequest
from notify_core.testing.contracts.inbound_translator import InboundTranslatorContract
from notify_core.testing.contracts.receipt_translator import ReceiptTranslatorContract
from notify_core.testing.contracts.sms_supplier import SmsSupplierContract

TEXT = OutgoingSms("reference-1", "+447700900123", "Hello", "GOVUK")


class MmgEnd:
    def __init__(self, server):
        self.server = server
        self.taken = {}
        self.make_it_work()

    def make_it_fail(self):
        self.server.answer_with(503)

    def make_it_refuse(self):
        self.server.answer_with(400, b'{"Error": {"206": "Invalid MSISDN"}}')

    def make_it_work(self):
        self.server.respond = self._take

    def _take(self, path, headers, body):
        document = json.loads(body)
        self.taken.setdefault(document["cid"], document)
        return 200, {}, b'{"Reference": 12345678}'

    def texts(self):
        return [("+" + text["MSISDN"], text["sender"], text["msg"]) for text in self.taken.values()]


class TestMmg(SmsSupplierContract):
    @pytest.fixture
    def supplier(self, loopback):
        return build({"url": f"{loopback.url}/jsonv2a/api.php", "api_key": "word"})

    @pytest.fixture(autouse=True)
    def other_end(self, loopback):
        return MmgEnd(loopback)

    def test_one_connection_is_kept_for_many_texts(self, supplier, loopback):
        for number in range(3):
            supplier.send(replace(TEXT, reference=f"reference-{number}"))
        assert len(loopback.arrived) == 3
        assert len(loopback.connections) == 1

    def test_what_goes_over_the_wire(self, supplier, loopback):
        assert supplier.name == "mmg"
        assert supplier.send(TEXT) == "reference-1"

        ((path, headers, body),) = loopback.arrived
        assert path == "/jsonv2a/api.php"
        assert headers["authorization"] == "Basic word"
        assert headers["content-type"] == "application/json"
        assert json.loads(body) == {
            "reqType": "BULK",
            "MSISDN": "447700900123",
            "msg": "Hello",
            "sender": "GOVUK",
            "cid": "reference-1",
            "multi": True,
        }

    def test_one_connection_serves_many_messages(self, supplier, loopback):
        for _ in range(5):
            supplier.send(TEXT)
        assert len(loopback.connections) == 1

    @pytest.mark.parametrize("status", [401, 403, 404, 302, 429, 500])
    def test_what_is_wrong_with_us_says_nothing_about_the_message(self, supplier, loopback, status):
        loopback.answer_with(status)
        with pytest.raises(TransientError):
            supplier.send(TEXT)

    def test_a_page_of_something_in_between_is_no_answer(self, supplier, loopback):
        loopback.answer_with(200, b"<html>Please log in</html>")
        with pytest.raises(TransientError):
            supplier.send(TEXT)

    def test_a_slow_supplier_is_not_waited_for(self, loopback):
        loopback.latency = 1
        with pytest.raises(TransientError):
            build({"url": loopback.url, "api_key": "word", "timeout": "0.1"}).send(TEXT)

    def test_the_key_is_not_shown(self, supplier):
        assert "word" not in repr(supplier)

    def test_needs_an_address_and_a_key(self):
        with pytest.raises(BadOption, match="api_key"):
            build({"url": "https://example.com"})


class TestMmgReceipts(ReceiptTranslatorContract):
    signs_requests = False
    outcomes = frozenset({Outcome.DELIVERED, Outcome.PERMANENT, Outcome.TEMPORARY, Outcome.UNKNOWN})

    @pytest.fixture
    def translator(self):
        return build_receipts({})

    def genuine(self, translator, reference, outcome):
        return _receipt(reference, {"delivered": 3, "permanent": 5, "temporary": 4, "unknown": 8}[outcome])

    @pytest.mark.parametrize(
        ("status", "outcome"),
        [
            ("2", "permanent"),
            (2, "permanent"),
            ("3", "delivered"),
            ("4", "temporary"),
            ("5", "permanent"),
            ("0", "unknown"),
        ],
    )
    def test_statuses(self, translator, status, outcome):
        (receipt,) = translator.translate(_receipt("a", status, substatus="7"))
        assert (receipt.outcome, receipt.detail) == (outcome, f"{status}/7")


def _receipt(reference, status, **more):
    return ReceiptRequest(
        json.dumps({"CID": reference, "status": status, "MSISDN": "447700900123", **more}).encode(), {}
    )


class TestMmgInbound(InboundTranslatorContract):
    @pytest.fixture
    def translator(self):
        return build_inbound({"inbound_username": "mmg, old", "inbound_password": "new word,old word"})

    def genuine(self, translator, source, destination, content):
        return _text({"MSISDN": source, "Number": destination, "Message": quote_plus(content), "ID": "7"})

    def test_a_text_without_a_word(self, translator):
        text = {"MSISDN": "1", "Number": "2", "Message": None, "ID": "7"}
        assert translator.translate(_text(text)).content == ""

    def test_when_it_was_written_is_told_by_london_clocks(self, translator):
        text = {"MSISDN": "1", "Number": "2", "Message": "a", "ID": "7", "DateRecieved": "2026-06-01+12%3A00%3A00"}
        assert translator.translate(_text(text)).sent_at == datetime(2026, 6, 1, 11, tzinfo=UTC)
        assert translator.translate(_text(text | {"DateRecieved": "soon"})).sent_at is None

    @pytest.mark.parametrize(
        ("options", "shown"),
        [
            ({"inbound_username": "mmg", "inbound_password": "word"}, "mmg:old word"),
            ({"inbound_username": "mmg"}, "mmg:"),
            ({"inbound_password": "new word"}, ":new word"),
        ],
    )
    def test_who_is_not_let_in(self, options, shown):
        text = {"MSISDN": "1", "Number": "2", "Message": "a", "ID": "7"}
        with pytest.raises(InboundForbidden):
            build_inbound(options).translate(_text(text, shown))

    def test_passwords_are_not_shown(self, translator):
        assert "word" not in repr(translator)


def _text(document, shown="old:new word"):
    header = f"Basic {b64encode(shown.encode()).decode()}"
    return InboundRequest(json.dumps(document).encode(), {"authorization": header})

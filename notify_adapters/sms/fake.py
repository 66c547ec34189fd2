"""A supplier of texts that keeps them in a file instead of sending them, in the words of a real one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlencode

from notify_adapters.fake_supplier.network import FakeNetwork, WrittenReceipt
from notify_adapters.fake_supplier.script import Script
from notify_adapters.fake_supplier.store import FakeReceipt, FakeSupplierStore
from notify_adapters.options import choice, known, required, seconds
from notify_adapters.sms.inbound import BasicAuth
from notify_core.inbound.model import ReceivedText
from notify_core.inbound.ports import Acknowledgement, InboundRequest, InboundTranslator, InboundUnreadable
from notify_core.notifications.ports import OutgoingSms, SmsSupplier

OPTIONS: Mapping[str, str] = {
    "dialect": "the supplier it stands in for: mmg or firetext",
    "receipt_delay": "seconds until its receipts come (0.05)",
    "inbound_username": "of the endpoint of received texts (a list; fake)",
    "inbound_password": "of the endpoint of received texts (a list, secret); none: nobody is let in",
}

DIALECTS = ("mmg", "firetext")
# The numbers that also a test key's simulated receipts know.
_USUAL = Script(outcomes={"7700900002": "permanent", "7700900003": "temporary"})
_MMG_STATUS = {"delivered": "3", "temporary": "4", "permanent": "5", "permanent-undetailed": "5"}
_FIRETEXT_STATUS = {
    "delivered": ("0", "000"),
    "permanent": ("1", "101"),
    "temporary": ("1", "102"),
    "pending": ("2", "000"),
    "permanent-undetailed": ("1", ""),
}
_UNKNOWN = "99"


class FakeSmsStore(FakeSupplierStore):
    """What the fake supplier holds, to be asked and scripted from any process with its data directory."""

    def __init__(self, data_dir: Path | str, *, receipt_delay: float = 0.05) -> None:
        super().__init__(Path(data_dir) / "fakes" / "sms.db", _USUAL, receipt_delay=receipt_delay)


@dataclass(frozen=True)
class FakeSmsSupplier:
    """``name`` is the supplier it stands in for; the reference its receipts carry is ours."""

    store: FakeSmsStore
    name: str = "mmg"

    def send(self, message: OutgoingSms) -> str:
        content = {field.name: getattr(message, field.name) for field in fields(message)}
        return self.store.accept(message.reference, message.recipient, content, message.reference)


class FakeSmsNetwork(FakeNetwork):
    """Brings the receipts to ``{api_base_url}/notifications/sms/{dialect}``."""

    def __init__(self, store: FakeSmsStore, dialect: str, api_base_url: str) -> None:
        super().__init__(store, _mmg_receipt if dialect == "mmg" else _firetext_receipt, api_base_url)


_THANKS = Acknowledgement('{"result": "success"}', "application/json")


@dataclass(frozen=True)
class FakeInbound:
    """Texts for trying things out, as JSON: ``source``, ``destination``, ``content``, ``reference``."""

    basic_auth: BasicAuth
    supplier: str = "fake"
    acknowledgement: Acknowledgement = _THANKS

    def translate(self, request: InboundRequest) -> ReceivedText:
        self.basic_auth.check(request)
        try:
            document = json.loads(request.body)
            reference, source, destination, content = (
                str(document[name]) for name in ("reference", "source", "destination", "content")
            )
        except (ValueError, RecursionError, TypeError, KeyError):
            raise InboundUnreadable("it is not a JSON object with reference, source, destination, content") from None
        return ReceivedText(self.supplier, reference, source, destination, content)


def _mmg_receipt(receipt: FakeReceipt) -> WrittenReceipt:
    document = {
        "CID": receipt.answer,
        "MSISDN": receipt.recipient.removeprefix("+"),
        "status": _MMG_STATUS.get(receipt.outcome, _UNKNOWN),
        "substatus": "",
    }
    return WrittenReceipt("/notifications/sms/mmg", {"Content-Type": "application/json"}, json.dumps(document).encode())


def _firetext_receipt(receipt: FakeReceipt) -> WrittenReceipt:
    status, code = _FIRETEXT_STATUS.get(receipt.outcome, (_UNKNOWN, ""))
    form = {
        "reference": receipt.answer,
        "mobile": receipt.recipient.removeprefix("+"),
        "status": status,
        **({"code": code} if code else {}),
    }
    return WrittenReceipt(
        "/notifications/sms/firetext",
        {"Content-Type": "application/x-www-form-urlencoded"},
        urlencode(form).encode(),
    )


def _store(options: Mapping[str, str]) -> FakeSmsStore:
    known(options, *OPTIONS)
    return FakeSmsStore(required(options, "data_dir"), receipt_delay=seconds(options, "receipt_delay", 0.05))


def name(options: Mapping[str, str]) -> str:
    """Whose place it takes."""
    return choice(options, "dialect", "mmg", DIALECTS)


def build(options: Mapping[str, str]) -> SmsSupplier:
    """Options ``dialect`` (``mmg`` or ``firetext``), ``receipt_delay`` in seconds (0.05)."""
    return FakeSmsSupplier(_store(options), name(options))


def build_network(options: Mapping[str, str]) -> FakeSmsNetwork:
    """The network that belongs to the fake built with the same options; ``api_base_url`` is where the
    platform's endpoints are."""
    return FakeSmsNetwork(_store(options), name(options), required(options, "api_base_url"))


def build_inbound(options: Mapping[str, str]) -> InboundTranslator:
    """Options ``inbound_username`` (``fake``) and ``inbound_password``, lists."""
    known(options, *OPTIONS)
    return FakeInbound(BasicAuth.of(options, "fake"))

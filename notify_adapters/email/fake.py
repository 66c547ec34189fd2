"""A supplier of emails that keeps them in a file instead of sending them, and tells of them as Amazon does."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from notify_adapters.email.fake_certificate import FakeCertificate
from notify_adapters.email.ses_receipts import SesReceipts
from notify_adapters.fake_supplier.network import FakeNetwork, WrittenReceipt
from notify_adapters.fake_supplier.script import COMPLAINT, Script
from notify_adapters.fake_supplier.store import FakeReceipt, FakeSupplierStore
from notify_adapters.options import known, required, seconds
from notify_adapters.sns import NOTIFICATION, SnsInbox, signed_text
from notify_core.notifications.ports import EmailSupplier, OutgoingEmail, ReceiptTranslator

OPTIONS: Mapping[str, str] = {
    "receipt_delay": "seconds until its receipts come (0.05)",
}

# The addresses that also a test key's simulated receipts know.
_USUAL = Script(outcomes={"perm-fail@simulator.notify": "permanent", "temp-fail@simulator.notify": "temporary"})
_TOPIC = "arn:aws:sns:eu-west-2:000000000000:notify-fake"
_CERTIFICATE = "https://sns.eu-west-2.amazonaws.com/SimpleNotificationService-fake.pem"


class FakeEmailStore(FakeSupplierStore):
    """What the fake supplier holds, to be asked and scripted from any process with its data directory."""

    def __init__(self, data_dir: Path | str, *, receipt_delay: float = 0.05) -> None:
        super().__init__(Path(data_dir) / "fakes" / "email.db", _USUAL, receipt_delay=receipt_delay)


@dataclass(frozen=True)
class FakeEmailSupplier:
    """``name`` is the supplier it stands in for; like it, the fake gives each message an id of its own."""

    store: FakeEmailStore
    name: str = "ses"
    sends_receipts: bool = True

    def send(self, message: OutgoingEmail) -> str:
        content = {field.name: getattr(message, field.name) for field in fields(message)}
        content["headers"] = dict(message.headers)
        return self.store.accept(message.reference, message.recipient, content, _message_id())


class FakeEmailNetwork(FakeNetwork):
    """Brings the receipts, signed, to ``{api_base_url}/notifications/email/ses``."""

    def __init__(self, store: FakeEmailStore, certificate: FakeCertificate, api_base_url: str) -> None:
        super().__init__(store, lambda receipt: _write(receipt, certificate), api_base_url)


def _message_id() -> str:
    return f"{uuid4()}-000000"


def _write(receipt: FakeReceipt, certificate: FakeCertificate) -> WrittenReceipt:
    # A receipt that is told twice is the same SNS message both times.
    identity = uuid5(NAMESPACE_URL, f"{receipt.answer}/{receipt.id}")
    envelope = {
        "Type": NOTIFICATION,
        "MessageId": str(identity),
        "TopicArn": _TOPIC,
        "Message": json.dumps(_event(receipt)),
        "Timestamp": _time(receipt.due_at),
        "SignatureVersion": "2",
        "SigningCertURL": _CERTIFICATE,
    }
    envelope["Signature"] = b64encode(certificate.sign(signed_text(envelope))).decode()
    headers = {"Content-Type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": NOTIFICATION}
    return WrittenReceipt("/notifications/email/ses", headers, json.dumps(envelope).encode())


def _event(receipt: FakeReceipt) -> dict[str, Any]:
    moment = _time(receipt.due_at)
    mail = {"messageId": receipt.answer, "timestamp": moment, "destination": [receipt.recipient]}
    if receipt.outcome == "delivered":
        return {
            "notificationType": "Delivery",
            "mail": mail,
            "delivery": {"timestamp": moment, "recipients": [receipt.recipient]},
        }
    if receipt.outcome == COMPLAINT:
        about = {
            "feedbackId": f"complaint-{receipt.id}",
            "timestamp": moment,
            "complainedRecipients": [{"emailAddress": receipt.recipient}],
        }
        return {"notificationType": "Complaint", "mail": mail, "complaint": about}
    bounce = {
        "bounceType": "Permanent" if receipt.outcome.startswith("permanent") else "Transient",
        "bounceSubType": "General",
        "timestamp": moment,
        "bouncedRecipients": [{"emailAddress": receipt.recipient}],
    }
    return {"notificationType": "Bounce", "mail": mail, "bounce": bounce}


def _time(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _store(options: Mapping[str, str]) -> FakeEmailStore:
    known(options, *OPTIONS)
    return FakeEmailStore(required(options, "data_dir"), receipt_delay=seconds(options, "receipt_delay", 0.05))


def name(_options: Mapping[str, str]) -> str:
    """Whose place it takes."""
    return FakeEmailSupplier.name


def build(options: Mapping[str, str]) -> EmailSupplier:
    """Option ``receipt_delay`` in seconds (0.05)."""
    return FakeEmailSupplier(_store(options))


def build_network(options: Mapping[str, str]) -> FakeEmailNetwork:
    """The network that belongs to the fake built with the same options; ``api_base_url`` is where the
    platform's endpoints are."""
    certificate = FakeCertificate(Path(required(options, "data_dir")))
    return FakeEmailNetwork(_store(options), certificate, required(options, "api_base_url"))


def build_receipts(options: Mapping[str, str]) -> ReceiptTranslator:
    """Receipts of the fake: read as Amazon's are, but the only certificate trusted is the fake's own."""
    known(options, *OPTIONS)
    certificate = FakeCertificate(Path(required(options, "data_dir")))
    return SesReceipts(SnsInbox(lambda _: certificate.public_key(), lambda _: None))

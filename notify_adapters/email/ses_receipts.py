"""Receipts of Amazon SES, which come wrapped by SNS."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate

from notify_adapters.email import sns
from notify_adapters.http import HttpClient
from notify_adapters.options import comma_list, known, seconds
from notify_core.kernel.errors import PermanentError
from notify_core.notifications.model import Outcome, Receipt
from notify_core.notifications.ports import ReceiptForged, ReceiptRequest, ReceiptTranslator, ReceiptUnreadable

OPTIONS: Mapping[str, str] = {
    "topic_arns": "the SNS topics that are listened to, separated by commas (recommended; any without)",
    "timeout": "seconds to wait for Amazon's certificate (5)",
}

NAME = "ses"
_KEPT_KEYS = 16


@dataclass(frozen=True)
class SesReceipts:
    """``signing_key`` finds the key for a certificate's address; ``confirm`` opens the address by which a
    subscription is confirmed. Both are only given addresses of SNS itself.

    ``topics``: the ARNs that receipts may come from; empty: any, and then anybody with an account at
    Amazon can write us receipts of his own.
    """

    signing_key: Callable[[str], RSAPublicKey]
    confirm: Callable[[str], object]
    topics: frozenset[str] = frozenset()
    supplier: str = NAME

    def translate(self, request: ReceiptRequest) -> Sequence[Receipt]:
        """:raises TransientError: the certificate cannot be had now; SNS will come again."""
        envelope = sns.read(request.body)
        if self.topics and envelope["TopicArn"] not in self.topics:
            raise ReceiptForged("SES callback failed: unknown topic")
        address = envelope.get("SigningCertURL", "")
        if not sns.is_certificate(address):
            raise ReceiptForged("SES callback failed: the certificate is not Amazon's")
        sns.verify(envelope, self.signing_key(address))
        if envelope["Type"] == sns.NOTIFICATION:
            return _receipts(envelope["Message"])
        if envelope["Type"] == sns.SUBSCRIPTION:
            if not sns.is_of_amazon(envelope["SubscribeURL"]):
                raise ReceiptForged("SES callback failed: the confirmation is not Amazon's")
            self._confirm(envelope["SubscribeURL"])
        return []

    def _confirm(self, address: str) -> None:
        try:
            self.confirm(address)
        except PermanentError:
            raise ReceiptUnreadable("SES callback failed: the subscription cannot be confirmed") from None


def _receipts(message: str) -> Sequence[Receipt]:
    try:
        event: Any = json.loads(message)
        # Notifications of an identity and events of a configuration set differ in this name.
        kind = event.get("notificationType") or event.get("eventType")
        if kind == "Delivery":
            return [Receipt(NAME, str(event["mail"]["messageId"]), Outcome.DELIVERED)]
        if kind == "Bounce":
            return [_bounce(str(event["mail"]["messageId"]), event["bounce"])]
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError):
        raise ReceiptUnreadable("SES callback failed: no SES event inside") from None
    # Complaints, and what SES tells besides (opened, clicked, topic connected).
    return []


def _bounce(reference: str, bounce: Mapping[str, Any]) -> Receipt:
    kind = str(bounce["bounceType"])
    outcome = Outcome.PERMANENT if kind == "Permanent" else Outcome.TEMPORARY
    return Receipt(NAME, reference, outcome, f"{kind}/{bounce.get('bounceSubType', '')}")


@dataclass
class AmazonKeys:
    """Fetches signing certificates once each."""

    client: HttpClient
    _keys: dict[str, RSAPublicKey] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, address: str) -> RSAPublicKey:
        """:raises ReceiptForged: there is no RSA certificate. :raises TransientError: no answer."""
        kept = self._keys.get(address)
        if kept is not None:
            return kept
        try:
            key = load_pem_x509_certificate(self.client.get(address).body).public_key()
        except (PermanentError, ValueError):
            raise ReceiptForged("SES callback failed: no certificate at its address") from None
        if not isinstance(key, RSAPublicKey):
            raise ReceiptForged("SES callback failed: the certificate is not for RSA")
        with self._lock:
            # Amazon changes its certificate about once a year; more addresses than these are made up.
            if len(self._keys) >= _KEPT_KEYS:
                self._keys.clear()
            self._keys[address] = key
        return key


def build(options: Mapping[str, str]) -> ReceiptTranslator:
    """Options ``topic_arns`` (a list; recommended), ``timeout`` in seconds (5)."""
    known(options, *OPTIONS)
    timeout = seconds(options, "timeout", 5)
    client = HttpClient(connect_timeout=timeout, read_timeout=timeout)
    return SesReceipts(AmazonKeys(client), client.get, frozenset(comma_list(options, "topic_arns")))

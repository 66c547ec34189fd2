"""Envelopes of the Amazon Simple Notification Service: what is signed, and by whom.

Source of the rules: AWS, "Verifying the signatures of Amazon SNS messages".
"""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm

from notify_core.notifications.ports import ReceiptForged, ReceiptUnreadable

NOTIFICATION = "Notification"
SUBSCRIPTION = "SubscriptionConfirmation"
_UNSUBSCRIPTION = "UnsubscribeConfirmation"
_OF_CONFIRMATIONS = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIPTION: _OF_CONFIRMATIONS,
    _UNSUBSCRIPTION: _OF_CONFIRMATIONS,
}
# Version 1 is SHA-1 because Amazon says so; a topic can be set to version 2.
_HASHES: Mapping[str, type[HashAlgorithm]] = {"1": SHA1, "2": SHA256}
_HOST = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]+\.pem")

Envelope = Mapping[str, str]


def read(body: bytes) -> Envelope:
    """:raises ReceiptUnreadable: it is no SNS envelope."""
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise ReceiptUnreadable("it is not JSON") from None
    if not isinstance(document, dict):
        raise ReceiptUnreadable("it is not a JSON object")
    envelope = {name: value for name, value in document.items() if isinstance(value, str)}
    kind = envelope.get("Type", "")
    if kind not in _SIGNED:
        raise ReceiptUnreadable("it is no SNS message")
    if missing := [name for name in _SIGNED[kind] if name not in envelope and name != "Subject"]:
        raise ReceiptUnreadable(f"{', '.join(f'{name} missing' for name in missing)}")
    return envelope


def is_of_amazon(url: str) -> bool:
    """Whether ``url`` leads to SNS itself; only such a URL is ever opened."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and port in {None, 443}
        and "@" not in parts.netloc
        and _HOST.fullmatch(parts.hostname or "") is not None
    )


def is_certificate(url: str) -> bool:
    """Whether ``url`` is where SNS keeps a signing certificate."""
    parts = urlsplit(url) if is_of_amazon(url) else None
    return parts is not None and _CERTIFICATE.fullmatch(parts.path) is not None and not parts.query


def signed_text(envelope: Envelope) -> bytes:
    """The canonical text: names and values, each on a line, names in alphabetical order."""
    lines = [f"{name}\n{envelope[name]}\n" for name in _SIGNED[envelope["Type"]] if name in envelope]
    return "".join(lines).encode()


def verify(envelope: Envelope, key: RSAPublicKey) -> None:
    """:raises ReceiptForged: the signature is not that of ``key``."""
    version = _HASHES.get(envelope.get("SignatureVersion", ""))
    if version is None:
        raise ReceiptForged("unknown signature version")
    try:
        key.verify(b64decode(envelope.get("Signature", "")), signed_text(envelope), PKCS1v15(), version())
    except (ValueError, InvalidSignature):
        raise ReceiptForged("wrong signature") from None

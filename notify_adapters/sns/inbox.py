"""Taking what SNS brings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate

from notify_adapters.http import HttpClient
from notify_adapters.options import comma_list, seconds
from notify_adapters.sns import envelope as sns
from notify_core.kernel.errors import PermanentError
from notify_core.notifications.ports import ReceiptForged, ReceiptUnreadable

OPTIONS: Mapping[str, str] = {
    "topic_arns": "the SNS topics that are listened to, separated by commas (recommended; any without)",
    "timeout": "seconds to wait for Amazon's certificate (5)",
}

_KEPT_KEYS = 16


@dataclass(frozen=True)
class SnsInbox:
    """``signing_key`` finds the key for a certificate's address; ``confirm`` opens the address by which a
    subscription is confirmed. Both are only given addresses of SNS itself.

    ``topics``: the ARNs that messages may come from; empty: any, and then anybody with an account at Amazon can write
    us some of his own.
    """

    signing_key: Callable[[str], RSAPublicKey]
    confirm: Callable[[str], object]
    topics: frozenset[str] = frozenset()

    def take(self, body: bytes) -> str | None:
        """The message in an envelope. None: it was about the subscription, which has been confirmed if that was asked.

        :raises ReceiptUnreadable: it is no SNS envelope, or its subscription cannot be confirmed.
        :raises ReceiptForged: it is not signed by Amazon, or of no topic that is listened to.
        :raises TransientError: the certificate cannot be had now; SNS will come again.
        """
        envelope = sns.read(body)
        if self.topics and envelope["TopicArn"] not in self.topics:
            raise ReceiptForged("unknown topic")
        address = envelope.get("SigningCertURL", "")
        if not sns.is_certificate(address):
            raise ReceiptForged("the certificate is not Amazon's")
        sns.verify(envelope, self.signing_key(address))
        if envelope["Type"] == sns.NOTIFICATION:
            return envelope["Message"]
        if envelope["Type"] == sns.SUBSCRIPTION:
            if not sns.is_of_amazon(envelope["SubscribeURL"]):
                raise ReceiptForged("the confirmation is not Amazon's")
            self._confirm(envelope["SubscribeURL"])
        return None

    def _confirm(self, address: str) -> None:
        try:
            self.confirm(address)
        except PermanentError:
            raise ReceiptUnreadable("the subscription cannot be confirmed") from None


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
            raise ReceiptForged("no certificate at its address") from None
        if not isinstance(key, RSAPublicKey):
            raise ReceiptForged("the certificate is not for RSA")
        with self._lock:
            # Amazon changes its certificate about once a year; more addresses than these are made up.
            if len(self._keys) >= _KEPT_KEYS:
                self._keys.clear()
            self._keys[address] = key
        return key


def amazon_inbox(options: Mapping[str, str]) -> SnsInbox:
    """An inbox with :data:`OPTIONS`: ``topic_arns`` (a list; recommended), ``timeout`` in seconds (5)."""
    timeout = seconds(options, "timeout", 5)
    client = HttpClient(connect_timeout=timeout, read_timeout=timeout)
    return SnsInbox(AmazonKeys(client), client.get, frozenset(comma_list(options, "topic_arns")))

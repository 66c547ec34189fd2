"""An SNS of the tests: it signs as Amazon does, with a key of its own, and keeps its certificate where Amazon would."""

import json
import re
from base64 import b64encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import responses
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import NameOID
from requests.exceptions import ConnectionError as RequestsConnectionError

from notify_core.notifications.ports import ReceiptRequest

KEY = generate_private_key(public_exponent=65537, key_size=2048)
HOST = "https://sns.eu-west-2.amazonaws.com"
CERTIFICATE = f"{HOST}/SimpleNotificationService-0123456789abcdef.pem"
CONFIRM = f"{HOST}/?Action=ConfirmSubscription&Token=t"
TOPIC = "arn:aws:sns:eu-west-2:123456789012:ses"
# By the documentation of SNS: which fields are signed, in which order.
OF_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
OF_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


def certificate(key=KEY):
    name = Name([NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    builder = CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(random_serial_number()).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    made = builder.not_valid_after(datetime(2100, 1, 1, tzinfo=UTC)).sign(key, SHA256())
    return made.public_bytes(Encoding.PEM)


def signed(version="2", key=KEY, **changes):
    envelope = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": "{}",
        "Timestamp": "2026-01-05T12:00:00.000Z",
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
        **changes,
    }
    names = OF_NOTIFICATION if envelope["Type"] == "Notification" else OF_CONFIRMATION
    text = "".join(f"{name}\n{envelope[name]}\n" for name in names if name in envelope)
    hash_ = SHA1() if version == "1" else SHA256()  # noqa: S303 -- SignatureVersion 1 is SHA-1
    envelope["Signature"] = b64encode(key.sign(text.encode(), PKCS1v15(), hash_)).decode()
    return ReceiptRequest(json.dumps(envelope).encode(), {"x-amz-sns-message-type": envelope["Type"]})


def by_a_stranger(**changes):
    return signed(key=generate_private_key(public_exponent=65537, key_size=2048), **changes)


def confirmation(**changes):
    return signed(Type="SubscriptionConfirmation", SubscribeURL=CONFIRM, Token="t", **changes)


@dataclass
class Amazon:
    """What stands in for Amazon's servers: ``answers`` by address (status, body), ``asked`` is what was opened. Nothing
    is at any other address."""

    answers: dict = field(default_factory=lambda: {CERTIFICATE: (200, certificate()), CONFIRM: (200, b"<ok/>")})
    asked: list = field(default_factory=list)

    def answer(self, request):
        self.asked.append(request.url)
        if request.url not in self.answers:
            raise RequestsConnectionError("nobody")
        status, body = self.answers[request.url]
        return status, {}, body


@contextmanager
def amazon_served():
    amazon = Amazon()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as served:
        served.add_callback(responses.GET, re.compile(".*"), callback=amazon.answer)
        yield amazon

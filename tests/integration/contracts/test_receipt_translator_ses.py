import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest
import responses
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import NameOID

from notify_adapters.email.ses_receipts import build
from notify_adapters.email.sns import is_certificate, is_of_amazon
from notify_core.kernel.errors import TransientError
from notify_core.notifications.model import Outcome
from notify_core.notifications.ports import ReceiptForged, ReceiptRequest, ReceiptUnreadable
from notify_core.testing.contracts.receipt_translator import ReceiptTranslatorContract

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


def event(reference, outcome, kind="notificationType"):
    mail = {"messageId": reference, "destination": ["anna@example.com"]}
    if outcome == Outcome.DELIVERED:
        return json.dumps({kind: "Delivery", "mail": mail, "delivery": {}})
    bounce = {"bounceType": {"permanent": "Permanent", "temporary": "Transient"}[outcome], "bounceSubType": "NoEmail"}
    return json.dumps({kind: "Bounce", "mail": mail, "bounce": bounce})


def confirmation(**changes):
    return signed(Type="SubscriptionConfirmation", SubscribeURL=CONFIRM, Token="t", **changes)


@pytest.fixture
def amazon():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as amazon:
        amazon.get(CERTIFICATE, body=certificate())
        yield amazon


class TestSes(ReceiptTranslatorContract):
    @pytest.fixture
    def translator(self, amazon):
        return build({})

    def genuine(self, translator, reference, outcome):
        return signed(Message=event(reference, outcome))

    def forged(self, translator):
        stranger = generate_private_key(public_exponent=65537, key_size=2048)
        return signed(key=stranger, Message=event("reference-1", Outcome.PERMANENT))

    @pytest.mark.parametrize("version", ["1", "2"])
    @pytest.mark.parametrize("more", [{}, {"Subject": "Amazon SES Email Event Notification"}])
    def test_both_versions_of_the_signature(self, translator, version, more):
        (receipt,) = translator.translate(signed(version, Message=event("a", Outcome.DELIVERED), **more))
        assert receipt.reference == "a"

    @pytest.mark.parametrize("version", ["3", "", "sha256"])
    def test_other_versions_are_refused(self, translator, version):
        with pytest.raises(ReceiptForged):
            translator.translate(signed(version))

    @pytest.mark.parametrize("name", ["Message", "MessageId", "Timestamp", "TopicArn"])
    def test_nothing_that_is_signed_can_be_changed(self, translator, name):
        document = json.loads(signed(Message=event("a", Outcome.DELIVERED)).body)
        document[name] += " "
        with pytest.raises(ReceiptForged):
            translator.translate(ReceiptRequest(json.dumps(document).encode(), {}))

    def test_the_certificate_is_fetched_once(self, translator, amazon):
        for number in range(3):
            translator.translate(signed(Message=event(str(number), Outcome.DELIVERED)))
        assert len(amazon.calls) == 1

    def test_while_the_certificate_cannot_be_had_amazon_shall_come_again(self, translator, amazon):
        amazon.replace(responses.GET, CERTIFICATE, status=503)
        with pytest.raises(TransientError):
            translator.translate(signed())

    @pytest.mark.parametrize("answer", [{"status": 404}, {"body": b"no certificate"}])
    def test_without_a_certificate_nothing_is_believed(self, translator, amazon, answer):
        amazon.replace(responses.GET, CERTIFICATE, **answer)
        with pytest.raises(ReceiptForged):
            translator.translate(signed())

    @pytest.mark.parametrize(
        "address",
        [
            "https://example.com/SimpleNotificationService-1.pem",
            "http://sns.eu-west-2.amazonaws.com/SimpleNotificationService-1.pem",
            "https://sns.eu-west-2.amazonaws.com.example.com/SimpleNotificationService-1.pem",
            "https://x@sns.eu-west-2.amazonaws.com/SimpleNotificationService-1.pem",
            "https://bucket.s3.amazonaws.com/SimpleNotificationService-1.pem",
            "https://sns.eu-west-2.amazonaws.com/?Action=Anything",
            "https://sns.eu-west-2.amazonaws.com:8443/SimpleNotificationService-1.pem",
            "https://[",
            "",
        ],
    )
    def test_certificates_from_elsewhere_are_not_even_fetched(self, translator, amazon, address):
        with pytest.raises(ReceiptForged):
            translator.translate(signed(SigningCertURL=address))
        assert not amazon.calls

    def test_a_subscription_is_confirmed(self, translator, amazon):
        amazon.get(CONFIRM, body="<ConfirmSubscriptionResponse/>")
        assert translator.translate(confirmation()) == []
        assert amazon.calls[-1].request.url == CONFIRM

    def test_a_forged_confirmation_is_not_followed(self, translator, amazon):
        stranger = generate_private_key(public_exponent=65537, key_size=2048)
        with pytest.raises(ReceiptForged):
            translator.translate(confirmation(key=stranger))
        assert [call.request.url for call in amazon.calls] == [CERTIFICATE]

    def test_a_confirmation_elsewhere_is_not_followed(self, translator, amazon):
        request = signed(Type="SubscriptionConfirmation", SubscribeURL="https://example.com/", Token="t")
        with pytest.raises(ReceiptForged):
            translator.translate(request)
        assert [call.request.url for call in amazon.calls] == [CERTIFICATE]

    def test_a_confirmation_that_came_too_late(self, translator, amazon):
        amazon.get(CONFIRM, status=404)
        with pytest.raises(ReceiptUnreadable):
            translator.translate(confirmation())

    def test_the_end_of_a_subscription_is_noted_and_no_more(self, translator):
        assert translator.translate(signed(Type="UnsubscribeConfirmation", SubscribeURL=CONFIRM, Token="t")) == []

    def test_events_of_a_configuration_set(self, translator):
        request = signed(Message=event("a", Outcome.TEMPORARY, "eventType"))
        (receipt,) = translator.translate(request)
        assert (receipt.outcome, receipt.detail) == (Outcome.TEMPORARY, "Transient/NoEmail")

    @pytest.mark.parametrize("kind", ["Complaint", "Open", "AmazonSnsSubscriptionSucceeded"])
    def test_what_says_nothing_about_delivery(self, translator, kind):
        assert translator.translate(signed(Message=json.dumps({"notificationType": kind}))) == []

    @pytest.mark.parametrize("message", ["", "hello", "[]", '{"notificationType": "Bounce"}'])
    def test_signed_nonsense(self, translator, message):
        with pytest.raises(ReceiptUnreadable):
            translator.translate(signed(Message=message))


def test_only_the_configured_topics_may_speak(amazon):
    mine, others = build({"topic_arns": TOPIC}), build({"topic_arns": "arn:aws:sns:eu-west-2:1:other"})
    assert mine.translate(signed(Message=event("a", Outcome.DELIVERED)))
    with pytest.raises(ReceiptForged):
        others.translate(signed(Message=event("a", Outcome.DELIVERED)))


def test_china_is_amazon_too():
    assert is_of_amazon("https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription")
    assert is_certificate("https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-1.pem")

import json
from datetime import UTC, datetime

import pytest

from notify_adapters.email.ses_receipts import build
from notify_adapters.sns import is_certificate, is_of_amazon
from notify_core.kernel.errors import TransientError
from notify_core.notifications.model import ComplaintReport, Outcome
from notify_core.notifications.ports import ReceiptForged, ReceiptRequest, ReceiptUnreadable
from notify_core.testing.contracts.receipt_translator import ReceiptTranslatorContract
from tests.integration.sns import CERTIFICATE, CONFIRM, TOPIC, amazon_served, by_a_stranger, confirmation, signed


def event(reference, outcome, kind="notificationType"):
    mail = {"messageId": reference, "destination": ["anna@example.com"]}
    if outcome == Outcome.DELIVERED:
        return json.dumps({kind: "Delivery", "mail": mail, "delivery": {}})
    bounce = {"bounceType": {"permanent": "Permanent", "temporary": "Transient"}[outcome], "bounceSubType": "NoEmail"}
    return json.dumps({kind: "Bounce", "mail": mail, "bounce": bounce})


@pytest.fixture
def amazon():
    with amazon_served() as amazon:
        yield amazon


class TestSes(ReceiptTranslatorContract):
    @pytest.fixture
    def translator(self, amazon):
        return build({})

    def genuine(self, translator, reference, outcome):
        return signed(Message=event(reference, outcome))

    def forged(self, translator):
        return by_a_stranger(Message=event("reference-1", Outcome.PERMANENT))

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
        assert amazon.asked == [CERTIFICATE]

    def test_while_the_certificate_cannot_be_had_amazon_shall_come_again(self, translator, amazon):
        amazon.answers[CERTIFICATE] = (503, b"")
        with pytest.raises(TransientError):
            translator.translate(signed())

    @pytest.mark.parametrize("answer", [(404, b""), (200, b"no certificate")])
    def test_without_a_certificate_nothing_is_believed(self, translator, amazon, answer):
        amazon.answers[CERTIFICATE] = answer
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
        assert not amazon.asked

    def test_a_subscription_is_confirmed(self, translator, amazon):
        assert translator.translate(confirmation()) == []
        assert amazon.asked[-1] == CONFIRM

    def test_a_forged_confirmation_is_not_followed(self, translator, amazon):
        with pytest.raises(ReceiptForged):
            translator.translate(by_a_stranger(Type="SubscriptionConfirmation", SubscribeURL=CONFIRM, Token="t"))
        assert amazon.asked == [CERTIFICATE]

    def test_a_confirmation_elsewhere_is_not_followed(self, translator, amazon):
        request = signed(Type="SubscriptionConfirmation", SubscribeURL="https://example.com/", Token="t")
        with pytest.raises(ReceiptForged):
            translator.translate(request)
        assert amazon.asked == [CERTIFICATE]

    def test_a_confirmation_that_came_too_late(self, translator, amazon):
        amazon.answers[CONFIRM] = (404, b"")
        with pytest.raises(ReceiptUnreadable):
            translator.translate(confirmation())

    def test_the_end_of_a_subscription_is_noted_and_no_more(self, translator):
        assert translator.translate(signed(Type="UnsubscribeConfirmation", SubscribeURL=CONFIRM, Token="t")) == []

    def test_events_of_a_configuration_set(self, translator):
        request = signed(Message=event("a", Outcome.TEMPORARY, "eventType"))
        (receipt,) = translator.translate(request)
        assert (receipt.outcome, receipt.detail) == (Outcome.TEMPORARY, "Transient/NoEmail")

    @pytest.mark.parametrize(
        ("bounce", "outcome"),
        [
            ("Permanent", "permanent"),
            ("Transient", "temporary"),
            ("Undetermined", "temporary"),
            ("of a later time", "temporary"),
        ],
    )
    def test_kinds_of_bounces(self, translator, bounce, outcome):
        told = {"notificationType": "Bounce", "mail": {"messageId": "a"}, "bounce": {"bounceType": bounce}}
        (receipt,) = translator.translate(signed(Message=json.dumps(told)))
        assert (receipt.reference, receipt.outcome, receipt.detail) == ("a", outcome, f"{bounce}/")

    @pytest.mark.parametrize("kind", ["Open", "AmazonSnsSubscriptionSucceeded"])
    def test_what_says_nothing_about_delivery(self, translator, kind):
        assert translator.translate(signed(Message=json.dumps({"notificationType": kind}))) == []

    def test_a_complaint(self, translator):
        said = {
            "feedbackId": "0100-feedback",
            "timestamp": "2026-01-05T12:00:00.000Z",
            "complaintFeedbackType": "abuse",
        }
        document = {"eventType": "Complaint", "mail": {"messageId": "m-1"}, "complaint": said}
        assert translator.translate(signed(Message=json.dumps(document))) == [
            ComplaintReport("ses", "m-1", "0100-feedback", datetime(2026, 1, 5, 12, tzinfo=UTC), "abuse")
        ]

    def test_a_complaint_of_which_little_is_said(self, translator):
        document = {"notificationType": "Complaint", "mail": {"messageId": "m-1"}, "complaint": {}}
        assert translator.translate(signed(Message=json.dumps(document))) == [ComplaintReport("ses", "m-1", "m-1")]

    @pytest.mark.parametrize(
        "message", ['{"notificationType": "Complaint"}', "", "hello", "[]", '{"notificationType": "Bounce"}']
    )
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

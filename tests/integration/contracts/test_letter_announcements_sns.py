import json
from urllib.parse import quote_plus

import pytest

from notify_adapters.letter_announcements.sns import build
from notify_adapters.options import BadOption
from notify_core.notifications.ports import ReceiptForged, ReceiptUnreadable
from notify_core.testing.contracts.letter_announcements import LetterAnnouncementsContract
from tests.integration.sns import CONFIRM, TOPIC, amazon_served, by_a_stranger, confirmation, signed


def event(*keys):
    """As S3 writes it: keys are quoted as in a form."""
    records = [
        {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "responses"}, "object": {"key": quote_plus(key)}}}
        for key in keys
    ]
    return json.dumps({"Records": records})


@pytest.fixture
def amazon():
    with amazon_served() as amazon:
        yield amazon


class TestSnsAnnouncements(LetterAnnouncementsContract):
    @pytest.fixture
    def announcements(self, amazon):
        return build({})

    def genuine(self, announcements, keys):
        return signed(Message=event(*keys))

    def forged(self, announcements):
        return by_a_stranger(Message=event("NOTIFY-20260105120000-RSP.TXT"))

    def test_a_subscription_is_confirmed(self, announcements, amazon):
        assert announcements.translate(confirmation()) == []
        assert amazon.asked[-1] == CONFIRM

    def test_the_event_with_which_s3_tries_a_subscription_says_nothing(self, announcements):
        assert announcements.translate(signed(Message='{"Service": "Amazon S3", "Event": "s3:TestEvent"}')) == []

    @pytest.mark.parametrize("message", ["", "hello", "[]", "{}", '{"Records": [{}]}', '{"Records": 1}'])
    def test_signed_nonsense(self, announcements, message):
        with pytest.raises(ReceiptUnreadable, match="no S3 event inside"):
            announcements.translate(signed(Message=message))


def test_only_the_configured_topics_may_speak(amazon):
    mine, others = build({"topic_arns": TOPIC}), build({"topic_arns": "arn:aws:sns:eu-west-2:1:other"})
    assert mine.translate(signed(Message=event("a"))) == ["a"]
    with pytest.raises(ReceiptForged):
        others.translate(signed(Message=event("a")))


def test_options_are_checked():
    with pytest.raises(BadOption, match="known ones: timeout, topic_arns"):
        build({"bucket": "responses"})

import base64
import hmac
import json

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from notify_core.callbacks.policies import signed_headers
from notify_core.testing.builders import NOON, a_callback


def test_a_known_signature():
    # The example of the specification's reference implementations.
    headers = signed_headers(
        a_callback(secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        NOON.fromtimestamp(1614265330, NOON.tzinfo),
        b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_that_is_no_base64_signs_as_it_stands():
    headers = signed_headers(a_callback(secret="made up!"), "id", NOON, b"{}")
    expected = hmac.digest(b"made up!", f"id.{int(NOON.timestamp())}.{{}}".encode(), "sha256")
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"


class TestTheLibraryOfTheStandard:
    """``standardwebhooks`` looks at the clock of the machine, so does this."""

    @pytest.fixture
    def delivered(self, notify, library):
        notify.clock.set(NOON.now(NOON.tzinfo))
        library.message(to="Siân <07700 900123>")
        library.run()
        (request,) = library.requests
        return request

    def test_it_believes_what_we_signed(self, library, delivered):
        verified = Webhook(library.callback.secret).verify(delivered.body.decode(), dict(delivered.headers))
        assert verified == json.loads(delivered.body)

    def test_it_does_not_believe_what_somebody_changed(self, library, delivered):
        with pytest.raises(WebhookVerificationError):
            Webhook(library.callback.secret).verify(delivered.body.decode() + " ", dict(delivered.headers))

    def test_each_callback_has_a_secret_of_its_own(self, delivered):
        another = "whsec_" + base64.b64encode(b"another secret of 24 b..").decode()
        with pytest.raises(WebhookVerificationError):
            Webhook(another).verify(delivered.body.decode(), dict(delivered.headers))

"""Where a service wants to be told."""

from dataclasses import replace

import pytest

from notify_core.accounts.model import CallbackType
from notify_core.accounts.policies import check_callback, check_webhook_secret
from notify_core.accounts.use_cases.callbacks import ListCallbacks, RemoveCallback, SetCallback, WantedCallback
from notify_core.kernel.errors import InvalidValue, NotFound

WANTED = WantedCallback(CallbackType.DELIVERY_STATUS, "https://library.example.gov.uk/receipts", "0123456789")


def test_a_secret_is_made_once_and_stays(notify, service, actor, audited):
    put = notify.use(SetCallback)
    first = put(service.id, WANTED, actor)
    assert first.issued
    check_webhook_secret(first.callback.secret)

    second = put(service.id, replace(WANTED, url="https://library.example.gov.uk/other"), actor)
    assert not second.issued
    assert (second.callback.id, second.callback.secret) == (first.callback.id, first.callback.secret)
    assert put(service.id, replace(WANTED, url="https://library.example.gov.uk/other"), actor) == second
    assert notify.use(ListCallbacks)(service.id) == [second.callback]
    assert audited(first.callback.id) == ["delivery_status callback stored"] * 2


def test_a_secret_that_is_given_counts(notify, service, actor):
    mine = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    answer = notify.use(SetCallback)(service.id, replace(WANTED, secret=mine), actor)
    assert (answer.issued, answer.callback.secret) == (False, mine)


def test_a_removed_callback_is_gone(notify, service, actor, audited):
    callback = notify.use(SetCallback)(service.id, WANTED, actor).callback
    remove = notify.use(RemoveCallback)
    remove(service.id, callback.type, actor)
    with pytest.raises(NotFound, match="has no delivery_status callback"):
        remove(service.id, callback.type, actor)
    assert notify.use(ListCallbacks)(service.id) == []
    assert audited(callback.id)[-1] == "delivery_status callback removed"


@pytest.mark.parametrize("secret", ["whsec_", "MfKQ9r8G", "whsec_not base64", "whsec_é"])
def test_a_secret_is_written_as_standard_webhooks_has_them(notify, service, actor, secret):
    with pytest.raises(InvalidValue, match="must be whsec_ and a key in base64"):
        notify.use(SetCallback)(service.id, replace(WANTED, secret=secret), actor)
    assert notify.use(ListCallbacks)(service.id) == []


@pytest.mark.parametrize(
    "url", ["http://example.gov.uk", "ftp://example.gov.uk", "https://", "https://[", "https://[::1", "example.gov.uk"]
)
def test_a_callback_needs_an_https_address(url):
    with pytest.raises(InvalidValue, match="a callback needs an https address"):
        check_callback(url, "0123456789")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "[fd00::1]", "localhost", "a.localhost"]
)
def test_a_callback_needs_a_public_address_unless_the_deployer_allows_others(host):
    with pytest.raises(InvalidValue, match="a callback needs a public address"):
        check_callback(f"https://{host}/receipts", "0123456789")
    check_callback(f"http://{host}/receipts", "0123456789", allow_private_addresses=True)


def test_a_public_number_is_an_address_too():
    check_callback("https://8.8.8.8/receipts", "0123456789")

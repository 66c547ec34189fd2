import pytest

from notify_core.accounts.policies import api_key_text, check_callback
from notify_core.kernel.errors import InvalidValue


def test_a_callback_over_https():
    check_callback("https://example.com/callback", "0123456789")


def test_plain_http_only_where_private_addresses_are_allowed():
    check_callback("http://127.0.0.1:9000/callback", "0123456789", allow_private_addresses=True)

    with pytest.raises(InvalidValue, match="https"):
        check_callback("http://127.0.0.1:9000/callback", "0123456789")


@pytest.mark.parametrize("url", ["https://", "example.com", "ftp://example.com"])
def test_what_is_no_address(url):
    with pytest.raises(InvalidValue, match="https"):
        check_callback(url, "0123456789", allow_private_addresses=True)


def test_a_bearer_token_has_ten_characters():
    with pytest.raises(InvalidValue, match="at least 10"):
        check_callback("https://example.com", "123456789")


def test_a_key_as_its_owner_is_shown_it():
    assert api_key_text("floods", "service", "secret") == "floods-service-secret"

import pytest

from notify_adapters.options import BadOption
from notify_adapters.secrets.aes_gcm import AesGcmSecrets, build
from notify_core.testing.contracts.secrets import SecretsContract


class TestAesGcmSecrets(SecretsContract):
    def make(self, *keys: str) -> AesGcmSecrets:
        return AesGcmSecrets(keys)


def test_keys_come_from_a_comma_separated_option() -> None:
    old = build({"keys": "old"}).encrypt("text", purpose="p")
    assert build({"keys": "new, old"}).decrypt(old, purpose="p") == "text"


@pytest.mark.parametrize("options", [{}, {"keys": ""}, {"keys": " , "}, {"keys": "a", "colour": "red"}])
def test_a_useless_configuration_is_refused(options: dict) -> None:
    with pytest.raises(BadOption):
        build(options)


def test_keys_are_not_shown_by_printing_the_object() -> None:
    assert "a-secret-key" not in repr(AesGcmSecrets(["a-secret-key"]))


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        AesGcmSecrets(["", "old"])

import pytest

from notify_core.testing.contracts.secrets import SecretsContract
from notify_core.testing.fakes.secrets import MemorySecrets


class TestMemorySecrets(SecretsContract):
    def make(self, *keys: str) -> MemorySecrets:
        return MemorySecrets(keys)

    def test_a_list_without_keys_is_no_configuration(self) -> None:
        with pytest.raises(ValueError, match="key"):
            MemorySecrets(())

    def test_runs_repeat_themselves(self) -> None:
        assert MemorySecrets().encrypt("a", purpose="p") == MemorySecrets().encrypt("a", purpose="p")

"""What every implementation of the Secrets port does."""

import pytest

from notify_core.kernel.errors import PermanentError
from notify_core.ports.secrets import Secrets

TEXTS = ["", "a", "07700 900123", "Llŷr Ŵyn £5 \N{SNOWMAN} \N{PILE OF POO}", "long " * 5000, "line\nline\0"]
OLD, NEW = "the old key, thirty-two letters long", "the new key, thirty-two letters long"


class SecretsContract:
    """Supply :meth:`make`: the implementation with these keys, the first of them used."""

    def make(self, *keys: str) -> Secrets:
        raise NotImplementedError

    @pytest.fixture
    def secrets(self) -> Secrets:
        return self.make(OLD)

    @pytest.mark.parametrize("text", TEXTS)
    def test_what_was_encrypted_can_be_read_again(self, secrets: Secrets, text: str) -> None:
        cipher = secrets.encrypt(text, purpose="recipient")
        assert cipher.isascii()
        assert secrets.decrypt(cipher, purpose="recipient") == text

    def test_an_encrypted_text_shows_nothing_and_differs_each_time(self, secrets: Secrets) -> None:
        ciphers = {secrets.encrypt("07700900123", purpose="recipient") for _ in range(50)}
        assert len(ciphers) == 50
        assert not any("07700900123" in cipher for cipher in ciphers)

    def test_one_purpose_cannot_read_what_another_encrypted(self, secrets: Secrets) -> None:
        cipher = secrets.encrypt("07700900123", purpose="recipient")
        with pytest.raises(PermanentError):
            secrets.decrypt(cipher, purpose="personalisation")

    def test_no_altered_text_is_read(self, secrets: Secrets) -> None:
        cipher = secrets.encrypt("07700900123", purpose="recipient")
        altered = [
            cipher[:place] + ("A" if cipher[place] != "A" else "B") + cipher[place + 1 :]
            for place in range(len(cipher) - 1)  # the last letter of base64 may hold bits that mean nothing
        ]
        for text in [*altered, cipher[:-4], cipher + "AAAA", cipher.replace(".", ""), "", ".", "nonsense", "é.é"]:
            with pytest.raises(PermanentError):
                secrets.decrypt(text, purpose="recipient")

    def test_after_a_rotation_old_texts_are_read_and_known_to_be_old(self) -> None:
        old = self.make(OLD).encrypt("text", purpose="recipient")
        rotated = self.make(NEW, OLD)
        assert rotated.decrypt(old, purpose="recipient") == "text"
        assert not rotated.is_current(old)
        assert rotated.is_current(rotated.encrypt("text", purpose="recipient"))

    def test_a_key_that_was_taken_away_reads_nothing(self) -> None:
        old = self.make(OLD).encrypt("text", purpose="recipient")
        with pytest.raises(PermanentError):
            self.make(NEW).decrypt(old, purpose="recipient")

    def test_every_process_with_the_same_keys_reads_the_same(self) -> None:
        assert self.make(OLD).decrypt(self.make(OLD).encrypt("text", purpose="p"), purpose="p") == "text"
        assert self.make(OLD).blind_index("text", purpose="p") == self.make(OLD).blind_index("text", purpose="p")

    def test_a_blind_index_is_short_and_the_same_for_the_same_text_and_purpose(self, secrets: Secrets) -> None:
        index = secrets.blind_index("07700900123", purpose="recipient")
        assert index == secrets.blind_index("07700900123", purpose="recipient")
        assert index.isascii()
        assert len(index) <= 64
        assert "07700900123" not in index
        assert index != secrets.blind_index("07700900124", purpose="recipient")
        assert index != secrets.blind_index("07700900123", purpose="reply_to")

    def test_blind_indexes_are_those_of_every_key_the_first_key_first(self) -> None:
        old, new, both = self.make(OLD), self.make(NEW), self.make(NEW, OLD)
        expected = (new.blind_index("a", purpose="p"), old.blind_index("a", purpose="p"))
        assert both.blind_indexes("a", purpose="p") == expected
        assert both.blind_index("a", purpose="p") == expected[0]

    def test_a_signature_holds_for_its_text_and_purpose_only(self, secrets: Secrets) -> None:
        signature = secrets.sign("text", purpose="link")
        assert secrets.verify("text", signature, purpose="link")
        assert not secrets.verify("texts", signature, purpose="link")
        assert not secrets.verify("text", signature, purpose="page")
        assert not secrets.verify("text", signature[:-1], purpose="link")
        assert not secrets.verify("text", "", purpose="link")
        assert not secrets.verify("text", "é", purpose="link")

    def test_a_signature_can_stand_in_a_url(self, secrets: Secrets) -> None:
        for number in range(50):
            assert secrets.sign(str(number), purpose="link").replace("-", "").replace("_", "").isalnum()

    def test_signatures_of_all_accepted_keys_hold(self) -> None:
        signature = self.make(OLD).sign("text", purpose="link")
        assert self.make(NEW, OLD).verify("text", signature, purpose="link")
        assert not self.make(NEW).verify("text", signature, purpose="link")

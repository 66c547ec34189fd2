"""Secrets by the standard library alone: honest in behaviour, no protection for real data."""

import hashlib
import hmac
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from itertools import count

from notify_core.kernel.errors import PermanentError


@dataclass
class MemorySecrets:
    """``keys``: the first encrypts and signs, all decrypt and verify. Repeatable: the n-th encryption
    of one instance gives the same text in every run."""

    keys: tuple[str, ...] = ("a key for tests",)

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("at least one key is needed")
        self._numbers = count(1)

    def encrypt(self, plain: str, *, purpose: str) -> str:
        key = self.keys[0]
        nonce = next(self._numbers).to_bytes(8, "big")
        hidden = _blur(key, purpose, nonce, plain.encode())
        return f"{_id(key)}.{_text(nonce + hidden + _mac(key, 'encrypt', purpose, nonce + hidden))}"

    def decrypt(self, cipher: str, *, purpose: str) -> str:
        key_id, _, text = cipher.partition(".")
        for key in self.keys:
            if _id(key) == key_id:
                return _opened(key, purpose, text)
        raise PermanentError("encrypted with a key that is not in the list of secret keys")

    def is_current(self, cipher: str) -> bool:
        return cipher.partition(".")[0] == _id(self.keys[0])

    def blind_index(self, plain: str, *, purpose: str) -> str:
        return self.blind_indexes(plain, purpose=purpose)[0]

    def blind_indexes(self, plain: str, *, purpose: str) -> tuple[str, ...]:
        return tuple(_text(_mac(key, "index", purpose, plain.encode())[:12]) for key in self.keys)

    def sign(self, text: str, *, purpose: str) -> str:
        return _text(_mac(self.keys[0], "sign", purpose, text.encode()))

    def verify(self, text: str, signature: str, *, purpose: str) -> bool:
        signatures = [_text(_mac(key, "sign", purpose, text.encode())) for key in self.keys]
        return any(hmac.compare_digest(one.encode(), signature.encode()) for one in signatures)


def _id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def _mac(key: str, use: str, purpose: str, data: bytes) -> bytes:
    return hmac.digest(key.encode(), f"{use}\0{purpose}\0".encode() + data, "sha256")


def _blur(key: str, purpose: str, nonce: bytes, data: bytes) -> bytes:
    """XOR with a stream made from key, purpose and nonce; its own inverse."""
    stream = hashlib.shake_256(f"{key}\0{purpose}\0".encode() + nonce).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, stream, strict=True))


def _opened(key: str, purpose: str, text: str) -> str:
    try:
        raw = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise PermanentError("altered since it was encrypted") from None
    sealed, mac = raw[:-32], raw[-32:]
    if not hmac.compare_digest(_mac(key, "encrypt", purpose, sealed), mac):
        raise PermanentError("encrypted for another purpose, or altered since")
    return _blur(key, purpose, sealed[:8], sealed[8:]).decode()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()

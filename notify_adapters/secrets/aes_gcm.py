"""Secrets with AES-256-GCM and HMAC-SHA256.

From each configured key one key per use and purpose is derived (HKDF-SHA256). An encrypted text is
``{key id}.{base64url of nonce, cipher text and tag}``; the purpose is also the associated data.
Nonces are random, so one key and purpose is good for about four thousand million texts
(NIST SP 800-38D, 8.3): rotate before that.
"""

import hmac
import os
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from notify_adapters.options import BadOption, comma_list, known, required
from notify_core.kernel.errors import PermanentError
from notify_core.ports.secrets import Secrets

OPTIONS: Mapping[str, str] = {
    "keys": "the keys, separated by commas, the first one in use (secret)",
}

_NONCE_BYTES = 12
_INDEX_BYTES = 16


class _Key:
    """One configured key and what is derived from it, kept because deriving costs more than using."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._ciphers: dict[str, AESGCM] = {}
        self._macs: dict[tuple[str, str], hmac.HMAC] = {}
        self.id = self._derive("key id", "", 6).hex()

    def cipher(self, purpose: str) -> AESGCM:
        try:
            return self._ciphers[purpose]
        except KeyError:
            made = self._ciphers[purpose] = AESGCM(self._derive("encrypt", purpose, 32))
            return made

    def mac(self, use: str, purpose: str, text: str) -> bytes:
        try:
            keyed = self._macs[use, purpose]
        except KeyError:
            keyed = self._macs[use, purpose] = hmac.new(self._derive(use, purpose, 32), digestmod="sha256")
        mac = keyed.copy()
        mac.update(text.encode())
        return mac.digest()

    def _derive(self, use: str, purpose: str, length: int) -> bytes:
        info = b"notify\0" + use.encode() + b"\0" + purpose.encode()
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(self._secret)


class AesGcmSecrets:
    """``keys``: the first encrypts and signs, all decrypt and verify. Each should hold at least 32
    characters made by chance.

    :raises ValueError: there is no key, or an empty one.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or not all(keys):
            raise ValueError("at least one key is needed, and none may be empty")
        self._keys = tuple(_Key(secret) for secret in dict.fromkeys(keys))
        self._first = self._keys[0]
        self._by_id = {key.id: key for key in self._keys}

    def encrypt(self, plain: str, *, purpose: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._first.cipher(purpose).encrypt(nonce, plain.encode(), purpose.encode())
        return f"{self._first.id}.{urlsafe_b64encode(nonce + sealed).decode()}"

    def decrypt(self, cipher: str, *, purpose: str) -> str:
        key_id, _, text = cipher.partition(".")
        key = self._by_id.get(key_id)
        if key is None:
            raise PermanentError("encrypted with a key that is not in the list of secret keys")
        try:
            raw = b64decode(text, altchars=b"-_", validate=True)
            plain = key.cipher(purpose).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())
        except (ValueError, InvalidTag):
            raise PermanentError("encrypted for another purpose, or altered since") from None
        return plain.decode()

    def is_current(self, cipher: str) -> bool:
        return cipher.partition(".")[0] == self._first.id

    def blind_index(self, plain: str, *, purpose: str) -> str:
        return _text(self._first.mac("index", purpose, plain)[:_INDEX_BYTES])

    def blind_indexes(self, plain: str, *, purpose: str) -> tuple[str, ...]:
        return tuple(_text(key.mac("index", purpose, plain)[:_INDEX_BYTES]) for key in self._keys)

    def sign(self, text: str, *, purpose: str) -> str:
        return _text(self._first.mac("sign", purpose, text))

    def verify(self, text: str, signature: str, *, purpose: str) -> bool:
        given = signature.encode()
        # Every key is tried whatever the outcome, so that the time does not tell which one fitted.
        matches = [hmac.compare_digest(_text(key.mac("sign", purpose, text)).encode(), given) for key in self._keys]
        return any(matches)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def build(options: Mapping[str, str]) -> Secrets:
    """Option ``keys``: a comma-separated list.

    :raises BadOption: there is none.
    """
    known(options, *OPTIONS)
    required(options, "keys")
    keys = comma_list(options, "keys")
    if not keys:
        raise BadOption("option keys holds no key")
    return AesGcmSecrets(keys)

"""Encryption of a file with what is derived from the key in its link.

AES-256-GCM; the key is derived by HKDF-SHA256 and used for this one file, the place is the associated data, so
that a file that was moved to another's place does not open there. What is kept is a version, the nonce, and the
cipher text with its tag.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE_BYTES = 12


class CannotOpen(Exception):
    """Another key, another place, or altered since."""


def sealed(content: bytes, key: str, place: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + _cipher(key).encrypt(nonce, content, place.encode())


def opened(kept: bytes, key: str, place: str) -> bytes:
    """:raises CannotOpen: not with this key, or not here."""
    start = len(_VERSION) + _NONCE_BYTES
    if not kept.startswith(_VERSION) or len(kept) < start:
        raise CannotOpen
    try:
        return _cipher(key).decrypt(kept[len(_VERSION) : start], kept[start:], place.encode())
    except InvalidTag:
        raise CannotOpen from None


def _cipher(key: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"notify\0document").derive(key.encode())
    return AESGCM(derived)

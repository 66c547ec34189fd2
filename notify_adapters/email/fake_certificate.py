"""The key with which the fake email supplier signs, made once and kept in the data directory."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, load_pem_x509_certificate, random_serial_number
from cryptography.x509.oid import NameOID

from notify_adapters.private_folder import make_private_folder

_VALID = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@dataclass
class FakeCertificate:
    """Whoever needs it first makes it; all processes with the same ``data_dir`` share it."""

    data_dir: Path
    _lock: Lock = field(default_factory=Lock, repr=False)
    _pem: bytes = field(default=b"", repr=False)
    _private: RSAPrivateKey | None = field(default=None, repr=False)
    _public: RSAPublicKey | None = field(default=None, repr=False)

    def public_key(self) -> RSAPublicKey:
        if self._public is None:
            key = load_pem_x509_certificate(self._file()).public_key()
            if not isinstance(key, RSAPublicKey):
                raise TypeError("the fake's certificate is not for RSA")
            self._public = key
        return self._public

    def sign(self, text: bytes) -> bytes:
        """As SNS does with SignatureVersion 2."""
        if self._private is None:
            key = load_pem_private_key(self._file(), None)
            if not isinstance(key, RSAPrivateKey):
                raise TypeError("the fake's key is not for RSA")
            self._private = key
        return self._private.sign(text, PKCS1v15(), SHA256())

    def _file(self) -> bytes:
        with self._lock:
            if not self._pem:
                path = self.data_dir / "fakes" / "sns.pem"
                if not path.exists():
                    _create(path)
                self._pem = path.read_bytes()
        return self._pem


def _create(path: Path) -> None:
    make_private_folder(path.parent)
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_made())
    try:
        # The whole file appears at once; where another process was first, its file stays.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _made() -> bytes:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    name = Name([NameAttribute(NameOID.COMMON_NAME, "Notify's fake SNS")])
    certificate = (
        CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(_VALID[0])
        .not_valid_after(_VALID[1])
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)

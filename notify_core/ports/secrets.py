"""Keeping personal data unreadable at rest, and proving that something came from us."""

from typing import Protocol


class Secrets(Protocol):
    """Encryption and signatures with a list of keys: the first is used, all are accepted (rotation).

    ``purpose`` binds a value to what it is for (``recipient``, ``personalisation``): a value
    encrypted or signed for one purpose is not accepted for another.
    """

    def encrypt(self, plain: str, *, purpose: str) -> str:
        """An ASCII text that names its key and differs each time."""
        ...

    def decrypt(self, cipher: str, *, purpose: str) -> str:
        """The text that was encrypted.

        :raises PermanentError: unknown key, other purpose, or the value was altered.
        """
        ...

    def is_current(self, cipher: str) -> bool:
        """Whether the value was encrypted with the first key, so needs no re-encryption."""
        ...

    def blind_index(self, plain: str, *, purpose: str) -> str:
        """The same short ASCII text for the same input, from which the input cannot be read.

        Made with the first key; :meth:`blind_indexes` gives those of all keys, for looking up.
        """
        ...

    def blind_indexes(self, plain: str, *, purpose: str) -> tuple[str, ...]:
        """The blind index under every accepted key, the first key's first."""
        ...

    def sign(self, text: str, *, purpose: str) -> str:
        """A URL-safe signature of ``text``."""
        ...

    def verify(self, text: str, signature: str, *, purpose: str) -> bool:
        """Whether ``signature`` was made by :meth:`sign` with any accepted key; in constant time."""
        ...

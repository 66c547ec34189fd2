"""Encrypting again, with the key now in use, what an older key encrypted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine, RowMapping, Table

from notify_adapters.storage.sql import schema
from notify_adapters.storage.sql.session import SqlSession
from notify_core.ports.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Encrypted:
    """A table with encrypted columns: their purposes, and which blind index is made of which."""

    table: Table
    purposes: Mapping[str, str]
    indexes: Mapping[str, str] = field(default_factory=dict)


ENCRYPTED: tuple[Encrypted, ...] = (
    Encrypted(schema.users, {"mobile_number_cipher": "recipient"}),
    Encrypted(schema.api_keys, {"secret_cipher": "api-key"}),
    Encrypted(schema.service_callbacks, {"bearer_token_cipher": "callback-token", "secret_cipher": "callback-secret"}),
    Encrypted(schema.guest_list, {"recipient_cipher": "recipient"}, {"recipient_index": "recipient_cipher"}),
    Encrypted(
        schema.notifications,
        {
            "to_cipher": "recipient",
            "recipient_cipher": "recipient",
            "personalisation_cipher": "personalisation",
            "one_click_unsubscribe_url_cipher": "personalisation",
        },
        {"recipient_index": "recipient_cipher"},
    ),
    Encrypted(schema.letters, {"to_cipher": "recipient", "personalisation_cipher": "personalisation"}),
    Encrypted(schema.inbound_texts, {"user_number_cipher": "recipient", "content_cipher": "inbound-text"}),
    Encrypted(schema.unsubscribe_requests, {"recipient_cipher": "recipient"}),
    Encrypted(
        schema.documents,
        {"filename_cipher": "filename", "recipient_cipher": "recipient"},
        {"recipient_index": "recipient_cipher"},
    ),
    Encrypted(schema.idempotency_records, {"answer_cipher": "answer"}),
    Encrypted(schema.jobs, {"original_file_name_cipher": "filename"}),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """After each batch of a table: how many of its rows were read and how many encrypted again."""

    table: str
    read: int
    changed: int


def reencrypt(engine: Engine, secrets: Secrets, *, batch: int = 500) -> Iterator[Progress]:
    """Go through every encrypted value, batch by batch, each batch a transaction of its own; it may run
    while the platform serves, and be ended and begun again at any time.

    :raises PermanentError: a value was encrypted with a key that is no longer accepted.
    :raises TransientError: the database is not there.
    """
    for encrypted in ENCRYPTED:
        yield from _table(engine, secrets, encrypted, batch)


def _table(engine: Engine, secrets: Secrets, encrypted: Encrypted, batch: int) -> Iterator[Progress]:
    keys = list(encrypted.table.primary_key.columns)
    ciphers = [encrypted.table.c[name] for name in encrypted.purposes]
    after: tuple[Any, ...] | None = None
    read = changed = 0
    while True:
        with SqlSession(engine) as session:
            query = sa.select(*keys, *ciphers).order_by(*keys).limit(batch)
            if after is not None:
                behind = [sa.literal(value, key.type) for key, value in zip(keys, after, strict=True)]
                query = query.where(sa.tuple_(*keys) > sa.tuple_(*behind))
            rows = session.rows(query)
            for row in rows:
                changed += _row(session, secrets, encrypted, row)
            session.commit()
        if not rows:
            return
        after = tuple(rows[-1][key.name] for key in keys)
        read += len(rows)
        yield Progress(encrypted.table.name, read, changed)


def _row(session: SqlSession, secrets: Secrets, encrypted: Encrypted, row: RowMapping) -> int:
    old = {name: row[name] for name in encrypted.purposes if row[name] is not None}
    if all(secrets.is_current(cipher) for cipher in old.values()):
        return 0
    plain = {name: secrets.decrypt(cipher, purpose=encrypted.purposes[name]) for name, cipher in old.items()}
    new = {name: secrets.encrypt(text, purpose=encrypted.purposes[name]) for name, text in plain.items()}
    for index, of in encrypted.indexes.items():
        new[index] = secrets.blind_index(plain[of], purpose=encrypted.purposes[of])
    table = encrypted.table
    same = [key == row[key.name] for key in table.primary_key.columns]
    # What was changed since it was read was encrypted with the key now in use.
    unchanged = [table.c[name] == cipher for name, cipher in old.items()]
    return session.changed(sa.update(table).where(*same, *unchanged).values(new))

"""The database server that is measured on, and databases of a benchmark's own there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

import psycopg
from sqlalchemy import make_url

POSTGRESQL = os.environ.get("NOTIFY_TEST_POSTGRESQL_URL", "postgresql+psycopg://root@127.0.0.1:5432/test")
REDIS = os.environ.get("NOTIFY_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


def dsn(url: str) -> str:
    """The same address as psycopg wants it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


@contextmanager
def fresh_database(server: str = POSTGRESQL) -> Iterator[str]:
    """The URL of a new, empty database, which is gone afterwards; its name is nobody else's."""
    name = f"notify_bench_{token_hex(4)}"
    with psycopg.connect(dsn(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(dsn(server), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())

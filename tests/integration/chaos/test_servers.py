"""Servers of a run's own: what is committed outlives a crash of PostgreSQL, and nothing outlives one of Redis."""

import signal
from contextlib import closing

import psycopg
import pytest
import redis

from chaos.servers import NotInstalled, PostgreSql, Redis
from tests.integration.needed import missing


@pytest.fixture
def serving():
    def start(kind):
        try:
            server = kind()
        except NotInstalled as error:
            missing(str(error))
        opened.append(server)
        server.start()
        return server

    opened = []
    yield start
    for server in opened:
        server.close()


@pytest.mark.parametrize("crash", [False, True])
def test_what_is_committed_outlives_a_restart(serving, crash):
    server = serving(PostgreSql)
    address = server.url.replace("+psycopg", "")
    with closing(psycopg.connect(address, autocommit=True)) as before:
        before.execute("CREATE TABLE kept (number int)")
        before.execute("INSERT INTO kept VALUES (1)")
        server.restart(crash=crash)
        with pytest.raises(psycopg.OperationalError):
            before.execute("SELECT 1")
    with closing(psycopg.connect(address)) as after:
        assert after.execute("SELECT number FROM kept").fetchall() == [(1,)]
    server.close()
    assert not server.folder.exists()


def test_redis_is_empty_afterwards(serving):
    server = serving(Redis)
    with redis.Redis.from_url(server.url) as client:
        client.set("kept", "1")
        server.empty()
        assert client.get("kept") is None
        client.set("kept", "1")
    server.end(signal.SIGKILL)
    server.start()
    with redis.Redis.from_url(server.url) as client:
        assert client.get("kept") is None

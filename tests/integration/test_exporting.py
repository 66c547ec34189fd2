"""Processes that are no API serve the metrics of their data directory on a port of their own."""

import socket
from contextlib import closing
from http.client import HTTPConnection

import pytest

from notify_adapters.metrics.none import NoMetrics
from notify_adapters.metrics.prometheus import build
from notify_entrypoints.exporting import Exporter
from tests.integration.waiting import eventually


@pytest.fixture
def port():
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return free.getsockname()[1]


@pytest.fixture
def metrics(tmp_path, port):
    return build({"data_dir": str(tmp_path), "token": "word", "port": str(port)})


@pytest.fixture
def make_exporter(metrics):
    made = []

    def make(metrics=metrics):
        made.append(Exporter(metrics, pause=0.05))
        made[-1].start()
        return made[-1]

    yield make
    for exporter in made:
        exporter.stop()


def ask(port, path="/metrics", **headers):
    """(status, text), or None: nobody listens."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        try:
            connection.request("GET", path, headers=headers)
        except ConnectionRefusedError:
            return None
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def served(port):
    return eventually(lambda: ask(port, Authorization="Bearer word"), lambda: "nobody listens")


def test_what_was_measured_is_served_to_whoever_shows_the_token(metrics, make_exporter, port):
    metrics.count("ledger.broker-failure")
    make_exporter()
    status, text = served(port)
    assert status == 200
    assert "notify_ledger_broker_failures_total 1.0\n" in text


@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer words"}, {"Authorization": "Basic word"}])
def test_nobody_else_gets_anything(make_exporter, port, shown):
    make_exporter()
    served(port)
    assert ask(port, **shown) == (401, "")


def test_there_is_nothing_else(make_exporter, port):
    make_exporter()
    served(port)
    assert ask(port, "/", Authorization="Bearer word") == (404, "")


def test_when_the_first_ends_another_serves(metrics, make_exporter, port):
    first = make_exporter()
    served(port)
    make_exporter()
    first.stop()
    assert served(port)[0] == 200


def test_an_address_that_is_not_ours_is_said_and_breaks_nothing(tmp_path, make_exporter, caplog):
    make_exporter(build({"data_dir": str(tmp_path), "token": "word", "port": "1", "host": "192.0.2.1"}))
    eventually(lambda: "cannot be served at 192.0.2.1:1" in caplog.text, lambda: caplog.text)


def test_without_an_address_nothing_is_served(tmp_path, make_exporter):
    for metrics in (NoMetrics(), build({"data_dir": str(tmp_path), "token": "word"})):
        assert make_exporter(metrics)._thread is None

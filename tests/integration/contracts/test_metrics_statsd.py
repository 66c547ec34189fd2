import socket
from collections import defaultdict
from threading import Event

import pytest

from notify_adapters.metrics.memory import build as build_memory
from notify_adapters.metrics.none import build as build_none
from notify_adapters.metrics.old_names import OLD_NAMES
from notify_adapters.metrics.statsd import StatsdMetrics, _connected, build
from notify_adapters.options import BadOption
from notify_core.registry.tasks import REGISTRY
from notify_core.testing.contracts.metrics import MetricsContract


class Server:
    """A StatsD server that only listens."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.port = self.socket.getsockname()[1]
        self.got = defaultdict(list)

    def listen(self):
        """Everything that has come, by name: (value, kind)."""
        try:
            while True:
                for line in self.socket.recv(4096).decode().splitlines():
                    name, _, rest = line.partition(":")
                    self.got[name].append(tuple(rest.split("|", 1)))
        except TimeoutError:
            return self.got


@pytest.fixture
def server():
    server = Server()
    yield server
    server.socket.close()


def options(server, **more):
    return {
        "host": "127.0.0.1",
        "port": str(server.port),
        "environment": "preview",
        "app_name": "worker",
        **more,
    }


class TestStatsd(MetricsContract):
    @pytest.fixture(params=["127.0.0.1", "localhost"])
    def metrics(self, request, server):
        self.server = server
        return build(options(server, host=request.param))

    def recorded(self, metrics, kind, name):
        found = self.server.listen()[f"preview.notifications.worker.{name}"]
        assert {unit for _, unit in found} <= {{"count": "c", "timing": "ms", "gauge": "g"}[kind]}
        return [float(value) / (1000 if kind == "timing" else 1) for value, _ in found]


class TestMemory(MetricsContract):
    @pytest.fixture
    def metrics(self):
        return build_memory({})

    def recorded(self, metrics, kind, name):
        if kind == "count":
            return [metrics.counts[name]]
        return list(metrics.timings[name]) if kind == "timing" else [metrics.gauges[name]]


class TestNone(MetricsContract):
    records = False

    @pytest.fixture
    def metrics(self):
        return build_none({})


@pytest.mark.parametrize(("prefix", "name"), [("mine", "mine.a"), ("mine.", "mine.a"), ("", "a")])
def test_a_prefix_replaces_the_whole_of_the_usual_one(server, prefix, name):
    build(options(server, prefix=prefix)).count("a")
    assert server.listen() == {name: [("1", "c")]}


def test_odd_names_harm_nobody(server):
    build(options(server, prefix="p")).count("callback.a:b|c@d\nŵ.e")
    assert server.listen() == {"p.callback.a_b_c_d__.e": [("1", "c")]}


def test_finished_tasks_are_also_told_by_their_old_names(server):
    build(options(server, prefix="p")).timing("celery.service-callbacks.send-delivery-status.success", 0.25)
    assert server.listen() == {
        "p.celery.service-callbacks.send-delivery-status.success": [("250.000000", "ms")],
        "p.tasks.send_delivery_status_to_service": [("1", "c"), ("250.000000", "ms")],
    }


def test_old_names_can_be_switched_off_and_are_for_successes_only(server):
    build(options(server, prefix="p", old_names="false")).timing("celery.q.deliver_sms.success", 1)
    build(options(server, prefix="p")).timing("celery.q.deliver_sms.wait", 1)
    build(options(server, prefix="p")).timing("celery.q.a-new-task.success", 1)
    assert not any("tasks." in name for name in server.listen())


def test_each_task_has_its_old_name_or_is_new():
    """A task that comes is in the table, or here because no dashboard knows it."""
    names = {task.name for task in REGISTRY}
    assert names - OLD_NAMES.keys() == {
        "apply-waiting-letter-responses",
        "complete-expired-broadcasts",
        "create-ticket",
        "delete-callback-attempts",
        "delete-expired-documents",
        "delete-letters-older-than-retention",
        "forget-idempotency-keys",
        "find-letters-to-print",
        "give-up-letter",
        "give-up-letter-check",
        "give-up-notification",
        "group-letters-to-print",
        "look-for-letter-response-files",
        "process-complaint",
        "replay-created-letters",
        "scan-file",
        "send-print-volumes",
        "send-returned-letter",
        "simplify-broadcast-areas",
        "simulate-letter-printing",
        "write-missing-rows",
        "zip-and-send-letter-pdfs",
    }
    assert OLD_NAMES.keys() <= names


def test_old_names_are_function_names():
    assert all(name.isidentifier() for name in OLD_NAMES.values())


def test_a_closed_port_breaks_nothing(server):
    """What it costs is measured by benchmarks/metrics_cost.py."""
    metrics = build(options(server))
    server.socket.close()
    for _ in range(1000):
        metrics.count("a")


def test_a_name_that_does_not_resolve_holds_nobody_up_and_is_asked_for_rarely():
    now, asked, answer = [0.0], [], Event()

    def connect(host, port, prefix):
        asked.append(host)
        answer.wait(5)
        raise socket.gaierror

    metrics = StatsdMetrics("nowhere.invalid", 8125, "p", connect=connect, monotonic=lambda: now[0])
    for _ in range(5000):
        metrics.count("a")
    # Nobody has answered yet.
    assert (len(asked), answer.is_set()) == (1, False)
    answer.set()
    metrics._resolver.join(5)
    metrics.count("a")
    assert len(asked) == 1
    now[0] = 31
    metrics.count("a")
    metrics._resolver.join(5)
    assert len(asked) == 2


def test_figures_wait_for_the_name_and_the_latest_survive(server):
    resolved = Event()

    def connect(host, port, prefix):
        resolved.wait(5)
        return _connected("127.0.0.1", server.port, prefix)

    metrics = StatsdMetrics("statsd.example", server.port, "p", connect=connect)
    for number in range(1100):
        metrics.gauge("a", number)
    assert not server.listen()
    resolved.set()
    metrics._resolver.join(5)
    assert server.listen()["p.a"][-1] == ("1099", "g")


def test_the_socket_never_blocks(server):
    """Pins a private attribute of statsd's client."""
    assert _connected("127.0.0.1", server.port, "p")._sock.gettimeout() == 0


def test_after_closing_it_goes_on(server):
    metrics = StatsdMetrics("localhost", server.port, "p")
    metrics.close()
    metrics.count("a")
    assert server.listen()["p.a"] == [("1", "c")]


@pytest.mark.parametrize(
    "wrong", [{"host": ""}, {"port": "x"}, {"port": "0"}, {"old_names": "perhaps"}, {"colour": "red"}]
)
def test_what_cannot_be_built(server, wrong):
    with pytest.raises(BadOption):
        build({**options(server), **wrong})

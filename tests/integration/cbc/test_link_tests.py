"""Link tests through the fake networks, and through Lambda: at moto's server, and at the fake networks over HTTP."""

import threading
from contextlib import ExitStack
from datetime import timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from moto.core.config import default_user_config

from notify_adapters import aws
from notify_adapters.cap import lxml_reader
from notify_adapters.cbc.aws_lambda import LambdaNetworks
from notify_adapters.cbc.fake import FakeNetworks
from notify_adapters.cbc.fake_endpoint import InvokeEndpoint
from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore, Kind
from notify_adapters.cbc.profiles import load_profiles
from notify_adapters.clock.system import SystemClock
from notify_adapters.random_source.system import SystemRandom
from notify_core.broadcasts.model import Route
from notify_core.broadcasts.tasks import TriggerLinkTest
from notify_core.broadcasts.use_cases.link_tests import ShowLinks, TryRoutes
from notify_core.kernel.texts import is_storable
from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.builders import claim_row
from notify_core.testing.fakes.metrics import MemoryMetrics

NETWORKS = ("ee", "o2", "three", "vodafone")
CREDENTIALS = {"access_key_id": "testing", "secret_access_key": "testing"}


def lambda_networks(**options):
    settings = aws.settings(CREDENTIALS | options)
    return LambdaNetworks(aws.LazyClient(lambda: aws.make_client("lambda", settings)), load_profiles({}))


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """Tests say what they have to say themselves."""


@pytest.fixture
def store(tmp_path):
    store = FakeNetworkStore(tmp_path)
    yield store
    store.close()


@pytest.fixture
def serve():
    """Serves an application over HTTP; returns its address."""
    with ExitStack() as stack:

        def begin(application):
            server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
            stack.callback(server.server_close)
            serving = threading.Thread(target=server.serve_forever, args=(0.01,))
            serving.start()
            stack.callback(serving.join)
            stack.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}"

        yield begin


@pytest.fixture
def served(store, serve, monkeypatch):
    """The fake networks in the shape of Lambda, over HTTP."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", serve(InvokeEndpoint(store, load_profiles({}))))


@pytest.fixture(params=["fake", "lambda"])
def networks(request, store):
    """What is told arrives in ``store``, either way."""
    if request.param == "fake":
        return FakeNetworks(store, load_profiles({}))
    request.getfixturevalue("served")
    return lambda_networks()


class Links:
    def __init__(self, storage, networks):
        self.ledger, self.networks, self.metrics = storage.ledger, networks, MemoryMetrics()
        self.work = storage.work()

    def test(self, network):
        """Returns the outcome of each route."""
        task = TriggerLinkTest(network)
        with self.work() as work:
            work.enqueue(task)
            work.commit()
        (publication,) = self.ledger.publish_due(RelayLimits(), "relay")
        claim = claim_row(self.ledger, publication.entry_id, "worker", timedelta(seconds=60))
        TryRoutes(self.work, SystemClock(), SystemRandom(), self.metrics, self.networks)(task, claim)
        assert self.ledger.entries() == []
        return [link["outcome"] for link in self.shown(network)]

    def shown(self, network):
        shown = ShowLinks(self.work, SystemClock(), self.networks)()
        return [link for link in shown if link["provider"] == network]


@pytest.fixture
def links(sqlite_storage, networks):
    return Links(sqlite_storage, networks)


@pytest.mark.parametrize("network", NETWORKS)
def test_5_both_routes_are_called_with_one_message(links, store, network):
    assert links.test(network) == ["acknowledged", "acknowledged"]

    calls = store.calls()
    assert [(call.network, call.route, call.message_type) for call in calls] == [
        (network, Route.FIRST, "test"),
        (network, Route.SECOND, "test"),
    ]
    assert {call.identifier for call in calls} == {link["identifier"] for link in links.shown(network)}


@pytest.mark.parametrize("network", NETWORKS)
def test_5_nobody_could_take_it_for_an_alert(links, store, network):
    links.test(network)

    assert store.broadcasts() == ()
    (received,) = store.broadcasts(link_tests=True)
    assert set(received.payload) <= {"message_type", "identifier", "message_format", "message_number"}
    assert received.payload["message_type"] == "test"
    status = "IBAG_status" if network == "vodafone" else "status"
    assert f"<{status}>Test</{status}>" in received.xml
    assert not any(word in received.xml for word in ("Actual", "info", "polygon", "headline", "area"))
    # Had somebody posted it to us, it could never have become a live alert either.
    if network != "vodafone":
        assert lxml_reader.build({}).read(received.xml.encode()).status == "Test"


@pytest.mark.parametrize("kind", [Kind.CLIENT_ERROR, Kind.STATUS, Kind.FUNCTION_ERROR])
@pytest.mark.parametrize("route", Route)
def test_5_what_fails_on_one_route_is_kept_and_the_other_is_tested(links, store, kind, route):
    store.script("ee", route, Behaviour(kind))

    outcomes = links.test("ee")

    assert outcomes == ["failed" if each is route else "acknowledged" for each in Route]
    failed = links.shown("ee")[route - 1]
    assert failed["detail"]
    assert failed["failed_24h"] == 1
    assert [call.route for call in store.calls()] == [Route.FIRST, Route.SECOND]


def test_5_both_may_fail(links, store):
    store.script("o2", None, Behaviour(Kind.CLIENT_ERROR))
    assert links.test("o2") == ["failed", "failed"]
    assert len(store.calls()) == 2, "nothing is tried again by itself"
    store.recover()
    assert links.test("o2") == ["acknowledged", "acknowledged"]


def test_the_next_number_each_time_from_the_sequence_of_all_messages(links):
    links.test("vodafone")
    first = links.shown("vodafone")
    links.test("ee")
    links.test("vodafone")
    second = links.shown("vodafone")
    assert [link["message_number"] for link in (*first, *second)] == ["00000001"] * 2 + ["00000002"] * 2


def test_a_server_that_gives_no_answer_is_a_result(sqlite_storage, served, store):
    store.script("ee", Route.FIRST, Behaviour(Kind.TIME_OUT, latency=1.0))
    links = Links(sqlite_storage, lambda_networks(read_timeout="0.3"))
    first, _ = links.test("ee")
    assert first == "failed"
    assert "ReadTimeoutError" in links.shown("ee")[0]["detail"]


@pytest.mark.parametrize(
    "answer",
    [
        ("200 OK", ("X-Amz-Function-Error", "Unhandled"), b'{"errorMessage": "no\x00"}'),
        ("500 Internal Server Error", ("X-Amzn-ErrorType", "ServiceException"), b'{"message": "no \\ud800\\u0000"}'),
    ],
)
def test_whatever_a_proxy_says_can_be_kept(sqlite_storage, monkeypatch, serve, answer):
    status, header, body = answer

    def garbled(environ, start_response):
        start_response(status, [header, ("Content-Type", "application/json")])
        return [body]

    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", serve(garbled))
    links = Links(sqlite_storage, lambda_networks())
    assert links.test("ee") == ["failed", "failed"]
    detail = links.shown("ee")[0]["detail"]
    assert "no" in detail
    assert "\ufffd" in detail
    assert is_storable(detail)


def test_5_at_somebody_elses_lambda_both_functions_are_invoked(sqlite_storage, moto_server, monkeypatch):
    monkeypatch.setitem(default_user_config, "lambda", {"use_docker": False})
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", moto_server.url)
    links = Links(sqlite_storage, lambda_networks())

    assert links.test("three") == ["acknowledged", "acknowledged"]

    assert moto_server.requests == [
        ("POST", f"/2015-03-31/functions/three-{route}-proxy/invocations") for route in Route
    ]

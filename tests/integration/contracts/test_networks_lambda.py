"""The adapter against moto's Lambda in this process, and against the fake networks over real HTTP."""

import io
import json
import socket
import threading
from contextlib import ExitStack
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from moto import mock_aws
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core.config import default_user_config

from notify_adapters import aws
from notify_adapters.cbc.aws_lambda import LambdaNetworks, _fault
from notify_adapters.cbc.fake_endpoint import InvokeEndpoint
from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore, Kind
from notify_adapters.cbc.networks import ee, o2, three, vodafone
from notify_adapters.cbc.profiles import Profiles
from notify_core.broadcasts.model import Route
from notify_core.broadcasts.ports import NetworkFailed
from notify_core.testing.contracts.networks import NetworksContract, an_alert

PROFILES = Profiles({each.PROFILE.name: each.PROFILE for each in (ee, o2, three, vodafone)})
CREDENTIALS = {"access_key_id": "testing", "secret_access_key": "testing"}


def lambda_networks(**options):
    settings = aws.settings(CREDENTIALS | options)
    return LambdaNetworks(aws.LazyClient(lambda: aws.make_client("lambda", settings)), PROFILES)


class MotoFunctions:
    """Stands in for moto's happy-path functions, so that they can fail and remember."""

    def __init__(self):
        self._scripts = {}
        self._taken = {}
        self.payloads = []
        # Cleared while functions are to hang.
        self.goes_on = threading.Event()
        self.goes_on.set()

    def invoke(self, function_name, qualifier, body, headers, response_headers):
        self.payloads.append((function_name, json.loads(body)))
        times, taken = self._scripts.get(function_name, (0, True))
        if times:
            self._scripts[function_name] = (times - 1, taken)
            response_headers["x-amz-function-error"] = "Unhandled"
        self.goes_on.wait()
        if taken or not times:
            self._taken.setdefault(function_name.partition("-")[0], {})[json.loads(body)["identifier"]] = body
        return b"{}"

    def make_it_fail(self, network, route=None, times=None):
        for each in Route if route is None else (route,):
            self._scripts[f"{network}-{each}-proxy"] = (times or 1_000, False)

    def make_it_lose_the_acknowledgement(self, network, route, times):
        self._scripts[f"{network}-{route}-proxy"] = (times, True)

    def taken(self, network):
        return list(self._taken.get(network, {}))


class TestLambdaNetworksAtMoto(NetworksContract):
    checks = False  # the functions there echo

    @pytest.fixture
    def other_end(self, monkeypatch):
        with mock_aws(config={"lambda": {"use_docker": False}}):
            functions = MotoFunctions()
            monkeypatch.setattr(LambdaSimpleBackend, "invoke", lambda _, *call: functions.invoke(*call))
            yield functions

    @pytest.fixture
    def networks(self, other_end):
        return lambda_networks()

    def test_both_routes_are_given_the_same_payload(self, networks, other_end):
        alert = an_alert(networks.profile("vodafone"))
        for route in Route:
            networks.send("vodafone", route, alert)

        (first, payload), (second, same) = other_end.payloads
        assert (first, second) == ("vodafone-1-proxy", "vodafone-2-proxy")
        assert payload == same
        assert payload["message_format"] == "ibag"


class TestLambdaNetworksAtMotoServer(NetworksContract):
    """Somebody else's idea of Lambda's HTTP, reached by the standard endpoint variable."""

    checks = False  # the functions there echo

    @pytest.fixture
    def other_end(self, moto_server, monkeypatch):
        functions = MotoFunctions()
        monkeypatch.setattr(LambdaSimpleBackend, "invoke", lambda _, *call: functions.invoke(*call))
        monkeypatch.setitem(default_user_config, "lambda", {"use_docker": False})
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", moto_server.url)
        return functions

    @pytest.fixture
    def networks(self, other_end):
        return lambda_networks()

    def test_a_server_that_is_down_is_a_failure(self, networks, moto_server):
        moto_server.down = True
        with pytest.raises(NetworkFailed, match="ee-1-proxy: HTTP 503"):
            networks.send("ee", Route.FIRST, an_alert(networks.profile("ee")))
        assert moto_server.requests == [("POST", "/2015-03-31/functions/ee-1-proxy/invocations")]

    def test_a_function_that_hangs_is_a_failure_after_the_read_time_out(self, other_end, moto_server):
        networks = lambda_networks(read_timeout="0.4")
        other_end.goes_on.clear()
        try:
            with pytest.raises(NetworkFailed, match="ee-1-proxy: ReadTimeoutError"):
                networks.send("ee", Route.FIRST, an_alert(networks.profile("ee")))
        finally:
            other_end.goes_on.set()
        assert len(moto_server.requests) == 1, "the client must not retry by itself"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """Tests say what they have to say themselves."""


class EndpointOtherEnd:
    def __init__(self, store):
        self.store = store

    def make_it_fail(self, network, route=None, times=None):
        self.store.script(network, route, Behaviour(Kind.CLIENT_ERROR), times)

    def make_it_lose_the_acknowledgement(self, network, route, times):
        self.store.script(network, route, Behaviour(Kind.ACKNOWLEDGEMENT_LOST), times)

    def taken(self, network):
        everything = self.store.broadcasts(network) + self.store.broadcasts(network, link_tests=True)
        return [broadcast.identifier for broadcast in everything]


class TestLambdaNetworksOverHttp(NetworksContract):
    @pytest.fixture
    def other_end(self, tmp_path, monkeypatch):
        store = FakeNetworkStore(tmp_path)
        over = threading.Event()
        endpoint = InvokeEndpoint(store, PROFILES, over.wait, access_key_id=CREDENTIALS["access_key_id"])
        server = make_server("127.0.0.1", 0, endpoint, server_class=_Server, handler_class=_Quiet)
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", f"http://127.0.0.1:{server.server_port}")
        yield EndpointOtherEnd(store)
        over.set()
        server.shutdown()
        serving.join()
        server.server_close()

    @pytest.fixture
    def networks(self, other_end):
        # Soon over where no answer comes, and time enough on a busy machine where one does.
        return lambda_networks(read_timeout="3")

    def test_somebody_elses_credentials_are_refused_and_broadcast_nothing(self, other_end):
        networks = lambda_networks(access_key_id="another")
        with pytest.raises(NetworkFailed, match=r"ee-1-proxy: HTTP 403: .*UnrecognizedClientException"):
            networks.send("ee", Route.FIRST, an_alert(networks.profile("ee")))
        assert other_end.taken("ee") == []
        assert other_end.store.calls() == ()

    @pytest.mark.parametrize("kind", [Kind.CLIENT_ERROR, Kind.STATUS, Kind.FUNCTION_ERROR, Kind.TIME_OUT])
    def test_every_way_of_failing_is_a_failure_that_says_what_happened(self, networks, other_end, kind):
        other_end.store.script("ee", Route.FIRST, Behaviour(kind), times=1)
        alert = an_alert(networks.profile("ee"))

        with pytest.raises(NetworkFailed, match="ee-1-proxy: ") as failed:
            networks.send("ee", Route.FIRST, alert)

        said = {
            Kind.CLIENT_ERROR: "ServiceException",
            Kind.STATUS: "HTTP 300",
            Kind.FUNCTION_ERROR: "FunctionError Unhandled",
            Kind.TIME_OUT: "ReadTimeoutError",
        }
        assert said[kind] in str(failed.value)
        assert len(other_end.store.calls()) == 1, "the client must not retry by itself"
        networks.send("ee", Route.FIRST, alert)


@pytest.fixture
def full_server():
    """The address of a machine that is there and answers no knock: whose queue of connections is full."""
    with ExitStack() as opened:
        server = opened.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(64):
            caller = opened.enter_context(socket.socket())
            caller.settimeout(0.3)
            try:
                caller.connect(server.getsockname())
            except TimeoutError:
                break
        else:
            pytest.fail("its queue takes everybody")
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


class TestAnswers:
    @pytest.mark.parametrize(
        ("answer", "fault"),
        [
            ({"StatusCode": 200}, None),
            ({"StatusCode": 299}, None),
            ({"StatusCode": 300}, "StatusCode 300"),
            ({"StatusCode": 200, "FunctionError": "Handled"}, "FunctionError Handled: no"),
            ({"StatusCode": 200, "FunctionError": ""}, "FunctionError : no"),
        ],
    )
    def test_the_presence_of_an_error_or_a_high_status_is_a_failure(self, answer, fault):
        assert _fault({"Payload": io.BytesIO(b"no"), **answer}) == fault

    def test_an_answer_is_read_to_its_end_so_that_its_connection_serves_the_next_message(self):
        body = io.BytesIO(b'{"statusCode": 200}')
        assert _fault({"Payload": body, "StatusCode": 200}) is None
        assert not body.read()

    def test_a_connection_that_is_not_made_is_a_failure_after_the_connect_time_out(self, monkeypatch, full_server):
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", full_server)
        # Whoever waited for an answer would wait much longer than this test may take.
        networks = lambda_networks(connect_timeout="0.3", read_timeout="25")
        with pytest.raises(NetworkFailed, match="ee-1-proxy: ConnectTimeoutError"):
            networks.send("ee", Route.FIRST, an_alert(networks.profile("ee")))

    def test_a_refused_connection_is_a_failure(self, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9")
        networks = lambda_networks(connect_timeout="0.5")
        with pytest.raises(NetworkFailed, match="EndpointConnectionError"):
            networks.send("ee", Route.FIRST, an_alert(networks.profile("ee")))

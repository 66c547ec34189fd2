"""What the fake networks do beyond the suite that all ways to the networks pass."""

import io
import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import notify_adapters
from notify_adapters.cbc.fake import FakeNetworks
from notify_adapters.cbc.fake_centre import FakeCentre
from notify_adapters.cbc.fake_endpoint import InvokeEndpoint
from notify_adapters.cbc.fake_state import state_of
from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore, Kind
from notify_adapters.cbc.networks import ee, o2, three, vodafone
from notify_adapters.cbc.payloads import payload
from notify_adapters.cbc.profiles import Profiles
from notify_core.broadcasts.model import Route
from notify_core.broadcasts.ports import NetworkFailed
from notify_core.kernel.errors import NotFound
from notify_core.testing.contracts.networks import a_cancellation, a_link_test, an_alert, an_update

PROFILES = Profiles({each.PROFILE.name: each.PROFILE for each in (ee, o2, three, vodafone)})
ROOT = Path(notify_adapters.__file__).parents[1]


@pytest.fixture
def store(tmp_path):
    return FakeNetworkStore(tmp_path)


@pytest.fixture
def networks(store):
    return FakeNetworks(store, PROFILES)


def test_it_shows_what_was_broadcast_with_payload_and_xml(networks):
    alert = an_alert(vodafone.PROFILE)
    networks.send("vodafone", Route.SECOND, alert)

    (broadcast,) = networks.broadcasts("vodafone")
    assert networks.broadcasts() == (broadcast,)
    assert broadcast.payload == payload(alert, vodafone.PROFILE)
    assert broadcast.route is Route.SECOND
    assert broadcast.message_type == "alert"
    assert broadcast.xml.startswith("<IBAG_Alert_Attributes")
    assert broadcast.received_at.tzinfo is not None


def test_link_tests_are_no_broadcasts(networks, store):
    networks.send("ee", Route.FIRST, a_link_test(ee.PROFILE))

    assert networks.broadcasts() == ()
    assert [each.message_type for each in store.broadcasts(link_tests=True)] == ["test"]


def test_what_has_expired_is_refused(networks):
    expired = replace(an_alert(ee.PROFILE), expires=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(NetworkFailed, match="expired"):
        networks.send("ee", Route.FIRST, expired)
    assert networks.broadcasts() == ()


def test_a_link_test_cannot_be_updated(networks):
    link_test = a_link_test(vodafone.PROFILE)
    networks.send("vodafone", Route.FIRST, link_test)
    with pytest.raises(NetworkFailed, match="unknown here"):
        networks.send("vodafone", Route.FIRST, an_update(vodafone.PROFILE, link_test))


def test_what_the_schema_does_not_allow_is_refused(networks):
    with pytest.raises(NetworkFailed, match="not valid"):
        networks.send("vodafone", Route.FIRST, replace(an_alert(vodafone.PROFILE), message_number="78"))


def test_an_alert_for_nowhere_is_refused(networks):
    with pytest.raises(NetworkFailed, match="no area"):
        networks.send("ee", Route.FIRST, replace(an_alert(ee.PROFILE), simple_polygons=()))
    assert networks.broadcasts() == ()


def test_a_reference_with_another_number_is_unknown(networks):
    alert = an_alert(vodafone.PROFILE)
    networks.send("vodafone", Route.FIRST, alert)
    cancellation = a_cancellation(vodafone.PROFILE, alert)
    (named,) = cancellation.references
    with pytest.raises(NetworkFailed, match=f"{alert.identifier} is unknown here"):
        networks.send(
            "vodafone", Route.FIRST, replace(cancellation, references=(replace(named, message_number="0000ffff"),))
        )
    networks.send("vodafone", Route.FIRST, cancellation)


def test_calls_are_kept_with_their_answers(networks, store):
    alert = an_alert(ee.PROFILE)
    networks.script("ee", Route.FIRST, Behaviour(Kind.TIME_OUT), times=1)
    with pytest.raises(NetworkFailed, match="no answer in time"):
        networks.send("ee", Route.FIRST, alert)
    networks.send("ee", Route.SECOND, alert)

    assert [(call.route, call.answer) for call in store.calls("ee")] == [
        (Route.FIRST, "no answer in time: scripted"),
        (Route.SECOND, "acknowledged"),
    ]
    assert [call.route for call in store.calls(limit=1)] == [Route.SECOND]


def test_a_script_may_only_slow_a_route_down(store):
    slept = []
    centre = FakeCentre(store, slept.append)
    store.script("ee", None, Behaviour(latency=2.5))

    answer = centre.receive(ee.PROFILE, Route.SECOND, payload(an_alert(ee.PROFILE), ee.PROFILE))

    assert answer.acknowledged
    assert slept == [2.5]


def test_scripts_can_be_seen_and_taken_back(networks, store):
    networks.script("ee", None, Behaviour(Kind.STATUS))
    networks.script("o2", Route.SECOND, Behaviour(Kind.CLIENT_ERROR), times=3)
    assert [(each.network, each.route, each.times) for each in store.scripts()] == [
        ("ee", Route.FIRST, None),
        ("ee", Route.SECOND, None),
        ("o2", Route.SECOND, 3),
    ]

    store.recover("ee")
    assert [each.network for each in store.scripts()] == ["o2"]
    store.recover()
    assert store.scripts() == ()


def test_only_known_networks_can_be_scripted(networks):
    with pytest.raises(NotFound, match="ee, o2, three, vodafone"):
        networks.script("giffgaff", None, Behaviour(Kind.STATUS))


def test_it_can_be_emptied(networks, store):
    networks.send("ee", Route.FIRST, an_alert(ee.PROFILE))
    store.forget()
    assert (store.broadcasts(), store.calls(), store.scripts()) == ((), (), ())


def test_many_threads_at_once(networks):
    alerts = [(name, an_alert(networks.profile(name))) for name in networks.enabled() for _ in range(20)]
    with ThreadPoolExecutor(16) as pool:
        for done in [pool.submit(networks.send, name, Route.FIRST, alert) for name, alert in alerts]:
            done.result()
    assert {each.identifier for each in networks.broadcasts()} == {alert.identifier for _, alert in alerts}


def test_a_counted_script_counts_once_per_call_whoever_calls(networks):
    networks.script("ee", Route.FIRST, Behaviour(Kind.FUNCTION_ERROR), times=10)

    def fails(_):
        try:
            networks.send("ee", Route.FIRST, an_alert(ee.PROFILE))
        except NetworkFailed:
            return True
        return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(fails, range(30))) == 10


def test_a_file_that_cannot_be_used_is_a_failure_that_a_later_try_may_mend(networks, store):
    with store.transaction() as open_store:
        open_store.execute("alter table broadcasts rename to elsewhere")

    with pytest.raises(NetworkFailed, match="its file"):
        networks.send("ee", Route.FIRST, an_alert(ee.PROFILE))

    with store.transaction() as open_store:
        open_store.execute("alter table elsewhere rename to broadcasts")
    networks.send("ee", Route.FIRST, an_alert(ee.PROFILE))


def test_processes_that_start_at_once_do_not_hinder_each_other(tmp_path, store):
    senders = [
        subprocess.Popen([sys.executable, "-c", SENDER, str(tmp_path)], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(4)
    ]

    assert [(each.communicate(timeout=60)[1], each.returncode) for each in senders] == [(b"", -signal.SIGKILL)] * 4
    assert len(store.broadcasts("ee")) == 4


SENDER = """
import os, signal, sys
from notify_adapters.cbc.fake import FakeNetworks
from notify_adapters.cbc.fake_store import FakeNetworkStore
from notify_adapters.cbc.networks.ee import PROFILE
from notify_adapters.cbc.profiles import Profiles
from notify_core.broadcasts.model import Route
from notify_core.testing.contracts.networks import an_alert
FakeNetworks(FakeNetworkStore(sys.argv[1]), Profiles({"ee": PROFILE})).send("ee", Route.FIRST, an_alert(PROFILE))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_acknowledged_survives_the_process_that_is_killed(tmp_path, store):
    killed = subprocess.run([sys.executable, "-c", SENDER, str(tmp_path)], check=False, cwd=ROOT, timeout=60)

    assert killed.returncode == -signal.SIGKILL
    assert [each.network for each in store.broadcasts()] == ["ee"]


class TestInvokeEndpoint:
    @pytest.fixture
    def endpoint(self, store):
        return InvokeEndpoint(store, PROFILES, sleep=lambda _: None)

    def call(self, endpoint, path, body, method="POST", **headers):
        started = {}

        def start_response(status, headers):
            started.update({"status": status, **dict(headers)})

        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            **headers,
        }
        answer = b"".join(endpoint(environ, start_response))
        return started, json.loads(answer)

    def test_an_alert(self, endpoint, store):
        body = json.dumps(payload(an_alert(ee.PROFILE), ee.PROFILE)).encode()
        started, _ = self.call(endpoint, "/2015-03-31/functions/ee-2-proxy/invocations", body)

        assert started["status"] == "200 OK"
        assert [(each.network, each.route) for each in store.broadcasts()] == [("ee", Route.SECOND)]

    def test_text_that_no_xml_can_hold_is_a_function_error(self, endpoint):
        body = json.dumps(payload(an_alert(ee.PROFILE), ee.PROFILE) | {"description": "\ud800"}).encode()
        started, answer = self.call(endpoint, "/2015-03-31/functions/ee-1-proxy/invocations", body)

        assert started["X-Amz-Function-Error"] == "Unhandled"
        assert "not valid" in answer["errorMessage"]

    @pytest.mark.parametrize("profile", [ee.PROFILE, vodafone.PROFILE])
    def test_a_day_may_end_at_24_hours(self, endpoint, store, profile):
        for day, is_late in [("2020-01-01", True), ("2099-12-31", False)]:
            told = payload(an_alert(profile), profile) | {"expires": f"{day}T24:00:00-00:00"}
            path = f"/2015-03-31/functions/{profile.functions[0]}/invocations"
            _, answer = self.call(endpoint, path, json.dumps(told).encode())
            assert ("expired" in str(answer)) is is_late

        (heard,) = state_of(store, profile, enabled=True, now=datetime(2099, 12, 31, 23, tzinfo=UTC), limit=5).on_air
        assert heard.payload["expires"] == "2099-12-31T24:00:00-00:00"
        assert not state_of(store, profile, enabled=True, now=datetime(2100, 1, 1, tzinfo=UTC), limit=5).on_air

    def test_an_expiry_that_no_clock_ever_shows_is_a_function_error(self, endpoint):
        told = payload(an_alert(ee.PROFILE), ee.PROFILE) | {"expires": "9999-12-31T24:00:00-00:00"}
        started, answer = self.call(endpoint, "/2015-03-31/functions/ee-1-proxy/invocations", json.dumps(told).encode())

        assert started["X-Amz-Function-Error"] == "Unhandled"
        assert "9999-12-31T24:00:00-00:00 is no date and time" in answer["errorMessage"]

    @pytest.mark.parametrize(
        ("function", "profile"), [("vodafone-1-proxy", ee.PROFILE), ("ee-1-proxy", vodafone.PROFILE)]
    )
    def test_another_networks_format_is_a_function_error(self, endpoint, store, function, profile):
        body = json.dumps(payload(an_alert(profile), profile)).encode()
        started, answer = self.call(endpoint, f"/2015-03-31/functions/{function}/invocations", body)

        assert started["X-Amz-Function-Error"] == "Unhandled"
        assert f"this network does not take {profile.format}" in answer["errorMessage"]
        assert store.broadcasts() == ()

    def test_a_refusal_is_a_function_error(self, endpoint):
        body = json.dumps(payload(a_cancellation(ee.PROFILE), ee.PROFILE)).encode()
        started, answer = self.call(endpoint, "/2015-03-31/functions/ee-1-proxy/invocations", body)

        assert started["X-Amz-Function-Error"] == "Unhandled"
        assert "cancel of nothing" in answer["errorMessage"]

    @pytest.mark.parametrize(
        ("path", "body", "method", "error"),
        [
            ("/2015-03-31/functions/bt-1-proxy/invocations", b"{}", "POST", "ResourceNotFoundException"),
            ("/2015-03-31/functions/ee-1-proxy/invocations", b"{}", "GET", "UnknownOperationException"),
            ("/2015-03-31/functions/ee-1-proxy", b"{}", "POST", "UnknownOperationException"),
            ("/2015-03-31/functions/ee-1-proxy/invocations", b"{", "POST", "InvalidRequestContentException"),
            ("/2015-03-31/functions/ee-1-proxy/invocations", b"\xff", "POST", "InvalidRequestContentException"),
            ("/2015-03-31/functions/ee-1-proxy/invocations", b"[]", "POST", "InvalidRequestContentException"),
            ("/2015-03-31/functions/ee-1-proxy/invocations", b'{"a": NaN}', "POST", "InvalidRequestContentException"),
            ("/2015-03-31/functions/ee-1-proxy/invocations", b"[" * 99_999, "POST", "InvalidRequestContentException"),
            (
                "/2015-03-31/functions/ee-1-proxy/invocations",
                b" " * 6_000_001,
                "POST",
                "RequestTooLargeException",
            ),
        ],
    )
    def test_what_lambda_itself_would_refuse(self, endpoint, path, body, method, error):
        started, _ = self.call(endpoint, path, body, method)
        assert started["status"].startswith("4")
        assert started["X-Amzn-ErrorType"] == error

    def test_a_payload_that_says_nothing_is_refused(self, endpoint):
        started, answer = self.call(endpoint, "/2015-03-31/functions/ee-1-proxy/invocations", b"{}")
        assert started["X-Amz-Function-Error"] == "Unhandled"
        assert "message_format" in answer["errorMessage"]

    @pytest.mark.parametrize(
        "authorization",
        [
            None,
            "",
            "Bearer ours",
            "AWS4-HMAC-SHA256 Credential=theirs/20261103/eu-west-2/lambda/aws4_request, SignedHeaders=host",
            "AWS4-HMAC-SHA256 Credential=ours2/20261103/eu-west-2/lambda/aws4_request, SignedHeaders=host",
            "AWS4-HMAC-SHA256 Credential=/ours/, SignedHeaders=host",
        ],
    )
    def test_with_an_access_key_nobody_elses_call_is_served(self, store, authorization):
        endpoint = InvokeEndpoint(store, PROFILES, access_key_id="ours")
        body = json.dumps(payload(an_alert(ee.PROFILE), ee.PROFILE)).encode()
        headers = {} if authorization is None else {"HTTP_AUTHORIZATION": authorization}
        started, _ = self.call(endpoint, "/2015-03-31/functions/ee-1-proxy/invocations", body, **headers)

        assert started["status"] == "403 Forbidden"
        assert started["X-Amzn-ErrorType"] == "UnrecognizedClientException"
        assert store.calls() == ()

    @pytest.mark.parametrize("expires", ["2099-01-01T00:00:00", "soon", 5, None])
    def test_an_expiry_that_is_no_time_with_its_zone_is_a_function_error(self, endpoint, expires):
        body = json.dumps(payload(an_alert(ee.PROFILE), ee.PROFILE) | {"expires": expires}).encode()
        started, answer = self.call(endpoint, "/2015-03-31/functions/ee-1-proxy/invocations", body)

        assert started["X-Amz-Function-Error"] == "Unhandled"
        assert "not valid" in answer["errorMessage"]

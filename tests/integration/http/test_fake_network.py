"""The page that shows what the fake networks have on air, and the same as JSON."""

import base64
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore, Kind
from notify_core.broadcasts.model import Route
from notify_core.broadcasts.ports import NetworkFailed
from notify_core.testing.contracts.networks import a_cancellation, a_link_test, an_alert, an_update

PAGES = ["/fake-network", "/fake-network/state"]
# Beside them nothing of ours is open: what else a deployment outside development must have.
LAMBDA = {"NOTIFY_CBC": "lambda", "NOTIFY_CBC_ACCESS_KEY_ID": "a", "NOTIFY_CBC_SECRET_ACCESS_KEY": "b"}


def basic(password, user="whoever"):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture
def networks(notify):
    return notify.container.cbc()


@pytest.fixture
def look(notify, admin_secrets):
    """The page, parsed."""

    def get(query=""):
        answer = notify.request("GET", f"/fake-network{query}", headers=basic(admin_secrets[0]))
        assert answer.status_code == 200
        assert answer.mimetype == "text/html"
        return html.fromstring(answer.data.decode())

    return get


@pytest.fixture
def state(notify, admin_secrets):
    def get(query=""):
        answer = notify.request("GET", f"/fake-network/state{query}", headers=basic(admin_secrets[0]))
        assert answer.status_code == 200
        return answer.json

    return get


@pytest.mark.parametrize("path", PAGES)
class TestWhoMayLook:
    def test_an_admin_secret_is_the_password_whoever_shows_it(self, notify, admin_secrets, path):
        for secret in admin_secrets:
            for user in ("", "ada", "root"):
                assert notify.request("GET", path, headers=basic(secret, user)).status_code == 200

    def test_the_admin_application_with_its_token(self, notify, tokens, admin_secrets, path):
        assert notify.request("GET", path, tokens("notify-admin", admin_secrets[1])).status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            basic(""),
            basic("the-newest-admin-secret-of-this-tesu"),
            basic("pässwörd"),
            {"Authorization": "Basic"},
            {"Authorization": "Basic ÿ"},
            {"Authorization": "Basic " + base64.b64encode(b"\xff:\xff").decode()},
            {"Authorization": "Basic " + base64.b64encode(b"no colon").decode()},
            {"Authorization": "Digest a=b"},
        ],
    )
    def test_nobody_else_and_a_browser_asks_for_the_password(self, notify, path, headers):
        answer = notify.request("GET", path, headers=headers)
        assert answer.status_code == 401
        assert answer.json["message"].startswith("Unauthorized: ")
        assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")

    def test_a_service_may_not(self, notify, path):
        key = notify.key(notify.service())
        assert notify.get(path, key).status_code == 401

    def test_the_password_opens_nothing_else(self, notify, admin_secrets, path):
        service = notify.service()
        answer = notify.request("GET", f"/service/{service.id}/broadcast-message", headers=basic(admin_secrets[0]))
        assert answer.status_code == 401
        assert "WWW-Authenticate" not in answer.headers

    def test_there_is_none_in_live_even_where_fakes_are_allowed(self, make_notify, admin_secrets, path):
        live = make_notify("live", NOTIFY_ENVIRONMENT="live", NOTIFY_ALLOW_FAKES="true")
        assert live.request("GET", path, headers=basic(admin_secrets[0])).status_code == 404

    @pytest.mark.parametrize("networks", [LAMBDA, {"NOTIFY_CBC": "disabled"}], ids=["lambda", "disabled"])
    def test_there_is_none_beside_other_networks(self, make_notify, admin_secrets, path, networks):
        other = make_notify("other", **networks)
        assert other.request("GET", path, headers=basic(admin_secrets[0])).status_code == 404

    def test_it_is_for_reading_only(self, notify, admin_secrets, path):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert notify.request(method, path, headers=basic(admin_secrets[0])).status_code == 405

    def test_browsers_run_nothing_of_it_and_fetch_nothing_for_it(self, notify, admin_secrets, path):
        headers = notify.request("GET", path, headers=basic(admin_secrets[0])).headers
        policy = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
        assert "script-src" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"

    def test_a_network_that_there_is_not(self, notify, admin_secrets, path):
        answer = notify.request("GET", f"{path}?network=giffgaff", headers=basic(admin_secrets[0]))
        assert answer.status_code == 404
        assert "giffgaff" in answer.json["message"]


def of(document, name):
    (network,) = [network for network in document["networks"] if network["name"] == name]
    return network


class TestState:
    def test_before_anything_has_happened(self, state):
        ee = of(state(), "ee")
        assert ee["functions"] == ["ee-1-proxy", "ee-2-proxy"]
        assert (ee["format"], ee["enabled"], ee["taken"]) == ("cap", True, 0)
        assert ee["scripts"] == ee["on_air"] == ee["broadcasts"] == ee["calls"] == []
        assert ee["map"] is None

    def test_an_alert_is_on_air_with_what_was_received_for_it(self, networks, state):
        alert = an_alert(networks.profile("vodafone"))
        networks.send("vodafone", Route.SECOND, alert)

        vodafone = of(state(), "vodafone")
        (heard,), (broadcast,), (call,) = vodafone["on_air"], vodafone["broadcasts"], vodafone["calls"]
        assert heard["identifier"] == broadcast["identifier"] == call["identifier"] == alert.identifier
        assert (heard["description"], heard["channel"]) == (alert.description, "severe")
        assert broadcast["payload"]["message_number"] == "0000004e"
        assert broadcast["xml"].startswith("<IBAG_Alert_Attributes")
        assert (broadcast["route"], call["route"], call["answer"]) == (2, 2, "acknowledged")
        assert vodafone["map"].startswith("<svg ")

    def test_an_update_takes_its_alerts_place_and_a_cancellation_ends_it(self, networks, state):
        profile = networks.profile("ee")
        alert = an_alert(profile)
        other, update = an_alert(profile), an_update(profile, alert)
        for each in (alert, other, update):
            networks.send("ee", Route.FIRST, each)
        assert [each["identifier"] for each in of(state(), "ee")["on_air"]] == [other.identifier, update.identifier]

        networks.send("ee", Route.FIRST, a_cancellation(profile, alert, update))
        ee = of(state(), "ee")
        assert [each["identifier"] for each in ee["on_air"]] == [other.identifier]
        assert ee["taken"] == 4

    def test_what_has_expired_is_off_the_air(self, make_notify, admin_secrets, networks, state):
        soon = replace(an_alert(networks.profile("ee")), expires=datetime.now(UTC) + timedelta(seconds=2))
        networks.send("ee", Route.FIRST, soon)
        expires = datetime.fromisoformat(of(state(), "ee")["broadcasts"][0]["payload"]["expires"])
        while of(document := state(), "ee")["on_air"]:
            assert datetime.fromisoformat(document["at"]) < expires
        assert datetime.fromisoformat(document["at"]) >= expires

    def test_link_tests_are_calls_only(self, networks, state):
        networks.send("o2", Route.FIRST, a_link_test(networks.profile("o2")))
        o2 = of(state(), "o2")
        assert (o2["on_air"], o2["broadcasts"], o2["taken"]) == ([], [], 0)
        assert [call["message_type"] for call in o2["calls"]] == ["test"]

    def test_what_another_process_has_done_is_seen(self, notify, state):
        FakeNetworkStore(notify.data_dir).script("three", Route.SECOND, Behaviour(Kind.STATUS, 1.5), times=2)
        scripts = of(state(), "three")["scripts"]
        assert scripts == [{"route": 2, "kind": "status", "latency": 1.5, "times": 2}]

    def test_one_network_alone(self, state):
        assert [network["name"] for network in state("?network=o2")["networks"]] == ["o2"]

    def test_a_network_that_alerts_do_not_go_to(self, make_notify, admin_secrets):
        notify = make_notify("three", NOTIFY_CBC_ENABLED="ee,o2")
        document = notify.request("GET", "/fake-network/state", headers=basic(admin_secrets[0])).json
        assert {each["name"]: each["enabled"] for each in document["networks"]} == {
            "ee": True,
            "o2": True,
            "three": False,
            "vodafone": False,
        }

    def test_the_latest_hundred_are_shown_and_all_are_counted(self, networks, state):
        alerts = [an_alert(networks.profile("ee")) for _ in range(103)]
        for alert in alerts:
            networks.send("ee", Route.FIRST, alert)
        ee = of(state(), "ee")
        assert ee["taken"] == 103
        expected = [alert.identifier for alert in alerts[3:]]
        assert [each["identifier"] for each in ee["broadcasts"]] == expected
        assert [each["identifier"] for each in ee["calls"]] == expected


class TestPage:
    def test_before_anything_has_happened(self, look):
        text = look().text_content()
        assert text.count("nothing on air") == 4
        assert "Nobody has called yet." in text

    def test_what_phones_show_where_and_what_was_received(self, networks, look):
        networks.send("ee", Route.FIRST, an_alert(networks.profile("ee")))
        page = look()
        (card,) = page.xpath("//section[@aria-label='ee']")
        assert "The river is rising. Go upstairs." in card.text_content()
        assert card.xpath(".//svg")
        (entry,) = page.xpath("//details")
        xml, payload = [each.text_content() for each in entry.xpath(".//pre")]
        assert "<identifier>" in xml
        assert json.loads(payload)["message_type"] == "alert"

    def test_how_they_misbehave_and_what_they_answered(self, networks, look):
        networks.script("ee", Route.FIRST, Behaviour(Kind.FUNCTION_ERROR), times=2)
        with pytest.raises(NetworkFailed):
            networks.send("ee", Route.FIRST, an_alert(networks.profile("ee")))
        page = look()
        (card,) = page.xpath("//section[@aria-label='ee']")
        assert "route 1 function-error, 1 more call" in card.text_content()
        (row,) = page.xpath("//tbody/tr")
        assert "FunctionError Unhandled: scripted" in row.text_content()

    def test_the_newest_comes_first_also_within_a_millisecond(self, networks, look):
        alerts = [an_alert(networks.profile("ee")) for _ in range(20)]
        for alert in alerts:
            networks.send("ee", Route.FIRST, alert)
        newest_first = [alert.identifier for alert in reversed(alerts)]
        page = look()
        assert [entry.get("id") for entry in page.xpath("//details")] == [f"ee-{each}" for each in newest_first]
        assert page.xpath("//td[@class='id']/text()") == newest_first

    def test_one_network_alone_again_and_again(self, networks, look):
        page = look("?network=o2&refresh=2")
        assert page.xpath("//section/@aria-label") == ["o2"]
        assert page.xpath("//meta[@http-equiv='refresh']/@content") == ["2"]
        assert page.xpath("//nav/a[@aria-current]/text()") == ["o2", "2 s"]
        assert "?network=ee&refresh=2" in page.xpath("//nav/a/@href")

    @pytest.mark.parametrize("refresh", ["0", "-1", "3", "x", "2;url=https://elsewhere.example"])
    def test_no_other_refresh(self, look, refresh):
        assert not look(f"?refresh={refresh}").xpath("//meta[@http-equiv]")

    def test_hostile_text_stays_text(self, notify, networks, look, admin_secrets):
        hostile = (
            "</p></pre><script>alert(1)</script><img src=x onerror='alert(2)'>\" onload=\"&lt;b&gt; {{7*7}} {% raw %}"
        )
        for name in networks.enabled():
            networks.send(name, Route.FIRST, replace(an_alert(networks.profile(name)), description=hostile))
        with pytest.raises(NetworkFailed):
            # An identifier nobody checks before it is logged.
            networks.send("ee", Route.FIRST, replace(a_link_test(networks.profile("ee")), identifier=hostile + "\x00"))
        page = look()

        assert page.xpath("//script | //img | //b | //@onload | //@onerror") == []
        assert [each.text_content() for each in page.xpath("//section//p[@lang]")] == [hostile] * 4
        assert json.loads(page.xpath("//details//pre")[1].text_content())["description"] == hostile
        raw = notify.request("GET", "/fake-network", headers=basic(admin_secrets[0])).data.decode()
        assert not re.search(r"<(script|img|b)\b", raw)

"""``notify fakes``: the networks behind a fake Lambda endpoint, in a process of their own, and their page."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from notify_adapters import aws
from notify_adapters.cbc.aws_lambda import LambdaNetworks
from notify_adapters.cbc.profiles import load_profiles
from notify_core.broadcasts.model import Route
from notify_core.broadcasts.ports import NetworkFailed
from notify_core.testing.contracts.networks import an_alert

NOTIFY = str(Path(sys.executable).with_name("notify"))
LAMBDA = {"NOTIFY_CBC": "lambda", "NOTIFY_CBC_ACCESS_KEY_ID": "ours", "NOTIFY_CBC_SECRET_ACCESS_KEY": "hush"}


@pytest.fixture
def playing(machine, eventually):
    """``notify fakes``, when it answers."""

    @contextmanager
    def play(**environ):
        given = {name: value for name, value in {**machine.environ, **environ}.items() if value is not None}
        log = machine.folder / "fakes.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [NOTIFY, "fakes", "--port", str(machine.port)], env=given, stdout=output, stderr=output
            )

        def answers():
            assert process.poll() is None, log.read_text()
            try:
                return requests.get(machine.url, timeout=2).status_code == 404
            except requests.ConnectionError:
                return False

        try:
            eventually(answers, otherwise=log.read_text)
            yield log
        finally:
            process.terminate()
            process.wait(20)

    return play


def networks_by(key):
    settings = aws.settings({"access_key_id": key, "secret_access_key": "hush"})
    return LambdaNetworks(aws.LazyClient(lambda: aws.make_client("lambda", settings)), load_profiles({}))


def test_what_the_adapter_lambda_sends_there_is_on_air_on_the_page(machine, playing, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", machine.url)
    page, secret = f"{machine.url}/fake-network", machine.environ["NOTIFY_ADMIN_SECRETS"]
    networks, others = networks_by("ours"), networks_by("theirs")
    alert = an_alert(networks.profile("ee"))
    with playing(**LAMBDA):
        networks.send("ee", Route.FIRST, alert)
        with pytest.raises(NetworkFailed, match="UnrecognizedClientException"):
            others.send("o2", Route.FIRST, an_alert(networks.profile("o2")))

        assert requests.get(page, timeout=10).status_code == 401
        assert requests.get(page, auth=("x", "y"), timeout=10).status_code == 401
        shown = requests.get(page, auth=("x", secret), timeout=10)
        state = requests.get(f"{page}/state", auth=("x", secret), timeout=10).json()
        assert requests.get(f"{machine.url}/v2/notifications", timeout=10).status_code == 404
    assert alert.description in shown.text
    on_air = {each["name"]: [heard["identifier"] for heard in each["on_air"]] for each in state["networks"]}
    assert on_air == {"ee": [alert.identifier], "o2": [], "three": [], "vodafone": []}


def test_without_secrets_there_is_no_page(machine, playing):
    without = {"NOTIFY_ADMIN_SECRETS": None, "NOTIFY_SECRET_KEYS": None}
    with playing(NOTIFY_ENVIRONMENT="staging", NOTIFY_LOG_FORMAT="text", **LAMBDA, **without) as log:
        assert requests.get(f"{machine.url}/fake-network", timeout=10).status_code == 404
    assert "no page /fake-network here" in log.read_text()


def test_nobody_is_played_in_live(machine):
    line = machine.refused("fakes", NOTIFY_ENVIRONMENT="live", NOTIFY_ALLOW_FAKES="true")
    assert line == "notify fakes is refused in live: it reaches nobody"

import pytest

from notify_adapters.heartbeats.http import build
from notify_adapters.heartbeats.none import build as build_none
from notify_adapters.options import BadOption
from notify_core.ports.heartbeats import Beat
from notify_core.testing.contracts.heartbeats import HeartbeatsContract


class TestHttp(HeartbeatsContract):
    @pytest.fixture
    def heartbeats(self, loopback):
        self.server = loopback
        return build({"url": f"{loopback.url}/p/word/{{name}}?state={{state}}", "timeout": "0.5"})

    def seen(self, heartbeats):
        paths = [path.removeprefix("/p/word/") for path, _, _ in self.server.arrived]
        return [tuple(path.split("?state=")) for path in paths]

    def make_the_watcher_fail(self, heartbeats):
        self.server.answer_with(500)

    def test_a_watcher_that_is_not_there_stops_no_work(self, heartbeats, loopback):
        loopback.close()
        heartbeats.beat("run-scheduled-jobs", Beat.RUN)

    def test_names_are_written_as_addresses_are(self, heartbeats):
        heartbeats.beat("a b/c", Beat.FAIL)
        assert self.seen(heartbeats) == [("a%20b%2Fc", "fail")]

    def test_the_address_may_hold_a_key_and_is_not_shown(self, heartbeats):
        assert "word" not in repr(heartbeats)


class TestNone(HeartbeatsContract):
    watched = False

    @pytest.fixture
    def heartbeats(self):
        return build_none({})


@pytest.mark.parametrize("url", ["", "https://example.com/{name}", "https://example.com/{state}"])
def test_an_address_without_name_and_state_is_refused(url):
    with pytest.raises(BadOption, match="url"):
        build({"url": url})

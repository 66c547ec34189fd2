"""From one release to the next and back while people send: processes of both serve, and no request fails.

The next release is a copy of the packages with three more revisions, whose code writes what the first of them adds."""

import threading
import time
from dataclasses import dataclass, field
from uuid import UUID

import jwt
import pytest
import requests

from notify_core.kernel.queues import PERIODIC, RETRY, SEND_SMS
from notify_core.testing.builders import an_api_key
from tests.integration.next_release import NOTE, copy_of_the_packages
from tests.integration.ports import free_port

# A dozen processes start, one after the other, on a machine that may be busy.
pytestmark = pytest.mark.timeout(600)


@dataclass
class Api:
    program: object
    url: str


@dataclass
class Traffic:
    """Somebody who sends and asks without pause, by whichever API serves at the moment."""

    service_id: UUID
    secret: UUID
    template_id: UUID
    urls: list = field(default_factory=list)
    accepted: list = field(default_factory=list)
    failed: list = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self):
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(2)]

    def start(self):
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._end.set()
        for thread in self._threads:
            thread.join(60)

    def by(self, *apis):
        """From now on; returns when what was sent by the others has been answered."""
        with self._lock:
            self.urls = [api.url for api in apis]
        self.flows(4)

    def flows(self, more):
        """Wait until so many more have been accepted."""
        want, end = len(self.accepted) + more, time.monotonic() + 120
        while len(self.accepted) < want:
            assert time.monotonic() < end, self.failed
            time.sleep(0.02)

    def _send(self):
        count = 0
        while not self._end.is_set():
            count += 1
            with self._lock:
                url = self.urls[count % len(self.urls)]
            try:
                sent = self._request("POST", f"{url}/v2/notifications/sms", 201)
                self._request("GET", f"{url}/v2/notifications/{sent['id']}", 200)
            except (requests.RequestException, AssertionError) as error:
                self.failed.append(error)
                time.sleep(0.5)
            else:
                self.accepted.append(sent["id"])
            time.sleep(0.02)

    def _request(self, method, url, expected):
        claims = {"iss": str(self.service_id), "iat": int(time.time())}
        token = jwt.encode(claims, str(self.secret), algorithm="HS256")
        body = {"phone_number": "07700900123", "template_id": str(self.template_id), "personalisation": {"name": "Ada"}}
        how = {"json": body} if method == "POST" else {}
        answer = requests.request(method, url, headers={"Authorization": f"Bearer {token}"}, timeout=30, **how)
        assert answer.status_code == expected, answer.text
        return answer.json()


class Upgrade:
    """An operator with two releases."""

    def __init__(self, deployment, coming, folder):
        self.deployment, self.coming = deployment, coming
        self.following = {"PYTHONPATH": str(folder)}

    def api(self, name, **environ):
        port = free_port()
        program = self.deployment._start(
            name, "gunicorn", "--bind", f"127.0.0.1:{port}", "notify_entrypoints.http:create_app()", **environ
        )  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        self.deployment.wait_for(lambda: not program.running() or answers(url), 90, lambda: program.text)
        return Api(program, url)

    def worker(self, name, **environ):
        return self.deployment.worker(SEND_SMS, RETRY, PERIODIC, name=name, **environ)

    def migrate(self, *arguments):
        """What the next release's command said, and whether it succeeded."""
        name = f"migrate{len(self.deployment.programs)}"
        program = self.deployment._start(name, "notify", "migrate", *arguments, **self.following)
        status = program.ended(120)
        return program.text, status == 0

    def notes(self):
        with self.deployment.container.engine().connect() as connection:
            return set(connection.exec_driver_sql("SELECT DISTINCT note FROM notifications").scalars())


def answers(url):
    try:
        return requests.get(f"{url}/_status?ready", timeout=5).ok
    except requests.RequestException:
        return False


@pytest.fixture
def upgrade(make_deployment, postgresql_server, tmp_path):
    coming = copy_of_the_packages(tmp_path / "next")
    with postgresql_server.database() as url:
        yield Upgrade(make_deployment(NOTIFY_DATABASE_URL=url), coming, tmp_path / "next")


@pytest.fixture
def traffic(upgrade):
    caller, template = upgrade.deployment._caller, upgrade.deployment._template
    key = an_api_key(service_id=caller.service.id)
    with upgrade.deployment.container.work()() as work:
        work.services.put(caller.service.__class__(**{**vars_of(caller.service), "rate_limit": 10**6}))
        work.api_keys.put(key)
        work.commit()
    traffic = Traffic(caller.service.id, key.secret, template.id)
    yield traffic
    traffic.stop()


def vars_of(thing):
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}


def end(*programs):
    for program in programs:
        program.terminate()
    assert [program.ended() for program in programs] == [0] * len(programs)


def test_there_and_back_and_there_while_people_send(upgrade, traffic):
    coming, deployment = upgrade.coming, upgrade.deployment
    api, worker = upgrade.api("api"), upgrade.worker("worker")
    traffic.urls = [api.url]
    traffic.start()
    traffic.flows(5)

    # There: the schema first, beside the processes of this release; what takes something away waits.
    said, done = upgrade.migrate()
    assert done, said
    assert f"has the schema {coming.indexes}. Left: {coming.contracts}." in said
    traffic.flows(5)
    following = upgrade.api("following-api", **upgrade.following)
    following_worker = upgrade.worker("following-worker", **upgrade.following)
    traffic.by(api, following)
    traffic.flows(10)
    assert upgrade.notes() == {None, NOTE}

    # A process of this release that has to start again works with the newer schema.
    again = upgrade.api("api-again")
    traffic.by(again, following)
    end(api.program)

    # Back: the processes first, and then, where somebody wants that, the schema.
    said, done = upgrade.migrate("--back-to", coming.now)
    assert not done
    assert "processes of a newer release" in said
    traffic.by(again)
    end(following.program, following_worker)
    said, done = upgrade.migrate("--back-to", coming.now)
    assert done, said
    traffic.flows(5)

    # And there for good.
    assert upgrade.migrate()[1]
    following = upgrade.api("following-api-2", **upgrade.following)
    following_worker = upgrade.worker("following-worker-2", **upgrade.following)
    said, done = upgrade.migrate("--contract")
    assert not done
    assert "processes of an older release" in said
    traffic.by(following)
    end(again.program, worker)
    deployment.container.engine().dispose()
    said, done = upgrade.migrate("--contract")
    assert done, said
    traffic.flows(5)
    late = deployment._start("late", "notify", "check")
    assert late.ended() == 1
    assert f"of a newer release, with which releases from {coming.indexes} on work" in late.text

    traffic.stop()
    assert traffic.failed == []
    deployment.wait_until_done()
    sent = deployment.sms_network.messages()
    assert {message.reference for message in sent} == set(traffic.accepted)
    assert sum(message.repeats for message in sent) == 0

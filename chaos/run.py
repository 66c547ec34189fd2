"""One run: load and faults side by side, then peace until nothing waits, then the questions."""

import os
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.alerts import NETWORKS, Agency
from benchmarks.drained import Expected, acknowledged
from benchmarks.drained import look as look_at_networks
from benchmarks.drained import violations as broken_broadcasts
from benchmarks.machine import describe
from chaos import look
from chaos.checks import violations
from chaos.chores import Chores
from chaos.faults import Faults
from chaos.load import Load
from chaos.outside import SUBSCRIBER
from chaos.people import People
from chaos.platform import INBOUND_NUMBER, ChaosPlatform
from chaos.report import Figures, report
from chaos.servers import PostgreSql, Redis
from demo.production import BEAT
from demo.services import Cast
from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import load_settings

_REST = 1.0
_LATENCY = 0.1
_MANY = 10_000_000


@dataclass
class Run:
    """``patience`` is how many seconds draining may take."""

    platform: ChaosPlatform
    postgresql: PostgreSql
    redis: Redis
    seed: int
    seconds: float
    patience: float
    cast: Cast = field(default_factory=Cast, init=False)
    container: Container = field(init=False)
    networks: FakeNetworkStore = field(init=False)

    def __call__(self) -> tuple[str, list[str]]:
        """The report, and what is wrong."""
        self.platform.prepare()
        try:
            self.platform.provision(self._document())
            self.container = Container(settings=load_settings(self.platform.environment))
            self.networks = FakeNetworkStore(self.platform.data_dir)
            try:
                return self._run()
            finally:
                self.networks.close()
                self.container.wake().close()
                self.container.engine().dispose()
        finally:
            self.platform.stop()

    def _run(self) -> tuple[str, list[str]]:
        for network in NETWORKS:
            self.networks.script(network, None, Behaviour(latency=_LATENCY))
        self.platform.start()
        self.platform.receipts.begin()
        began = time.monotonic()
        load = Load(self.platform, self.cast)
        people = People(Agency(self.platform, self.cast), self.container, began + self.seconds + self.patience)
        faults = Faults(self.platform, self.postgresql, self.redis, self.seed)
        chores = Chores(self.container)
        load.begin()
        people.begin()
        faults.begin()
        while time.monotonic() < began + self.seconds:
            chores.under_load()
            time.sleep(_REST)
        print("  the faults end", flush=True)
        faults.end()
        calm = time.monotonic()
        load.end(within=self.patience)
        people.no_more()
        problems = [*load.failures, *self._drain(people, faults, chores, calm + self.patience)]
        drained = time.monotonic() - calm
        return self._judge(load, people, faults, problems, (calm - began, drained))

    def _drain(self, people: People, faults: Faults, chores: Chores, until: float) -> list[str]:
        """What is wrong with it."""
        quiet, told = False, time.monotonic()
        while time.monotonic() < until:
            faults.supervise()
            chores.at_last()
            if people.done:
                people.look_after()
            left = self._left(people)
            if not left and quiet:
                return []
            if not left:
                # Nothing new is to come; what is left of the schedule's ends.
                self.platform.kill(BEAT)
                quiet = True
            if time.monotonic() > told + 15:
                told = time.monotonic()
                print(f"    {until - told:4.0f} s left: {left}", flush=True)
            time.sleep(_REST)
        return [f"not drained in {self.patience:g} s: {self._left(people)}"]

    def _left(self, people: People) -> dict[str, int]:
        look.hurry(self.container)
        left = {**look.waiting(self.container)}
        heard = acknowledged(self.container, list(_expected(people)))
        left["broadcasts"] = sum(len(one.events) - heard.get(one.id, 0) for one in people.tales)
        left["receipts"] = self.platform.receipts.left
        left["people"] = int(not people.done)
        return {name: count for name, count in left.items() if count}

    def _judge(
        self, load: Load, people: People, faults: Faults, problems: list[str], took: tuple[float, float]
    ) -> tuple[str, list[str]]:
        expected = _expected(people)
        heard = look_at_networks(self.container, self.networks, list(expected))
        seen = look.look(
            self.container,
            load.accepted,
            self.platform.records.all(),
            faults.happened,
            self.platform.data_dir / "printer",
        )
        found = [*problems, *violations(seen), *self._not_as_it_should_be(people, faults)]
        # What is left in the ledger is told above.
        found += [one for one in broken_broadcasts(heard, expected, NETWORKS) if not one.startswith("left in the")]
        figures = Figures(
            self.seed, f"{describe()}, load {os.getloadavg()[0]:.1f}", *took, load.again,
            Counter(f"broadcasts: {event.type}" for events in heard.events.values() for event in events),
            heard.repeats, people.replayed,
        )  # fmt: skip
        return report(seen, figures, found), found

    def _not_as_it_should_be(self, people: People, faults: Faults) -> list[str]:
        found = [f"{part} ended by itself" for part in self.platform.ended()]
        found += [f"a callback came with a wrong signature: {one}" for one in self.platform.outside.subscriber.refused]
        for who, failure in (("people", people.failure), ("faults", faults.failure)):
            if failure is not None:
                found.append(f"the {who} came to an end: {failure!r}")
        return found

    def _document(self) -> dict[str, object]:
        subscriber = self.platform.outside.subscriber
        url = self.platform.outside.url(SUBSCRIBER)
        document = self.cast.document(f"{url}/delivery-status", subscriber.token, subscriber.secret)
        council = document["services"][0]
        council |= {"rate_limit": _MANY, "message_limit": _MANY}
        council["permissions"].append("inbound_sms")
        council["sms_senders"].append({"sms_sender": INBOUND_NUMBER, "inbound": True})
        received = {"url": f"{url}/received-text", "bearer_token": subscriber.token, "secret": subscriber.secret}
        council["callbacks"].append({"type": "inbound_sms", **received})
        return dict(document)


def _expected(people: People) -> Expected:
    return {one.id: one.events for one in people.tales}

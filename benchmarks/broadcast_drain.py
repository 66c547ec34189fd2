"""Approved alerts drain through four networks while the platform is killed at random: none lost, doubled or out of
order. ``python -m benchmarks.broadcast_drain [embedded|celery]``; exit status 1 and a list where that is not so.

embedded: ``notify serve`` on SQLite, killed as a whole. celery: gunicorn, two groups of Celery workers and beat on
PostgreSQL and Redis; any of them, or one process of any. In both the networks are a process of their own: they live
on when who called them is dead, and are told again what they have taken.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from benchmarks.alerts import NETWORKS, Agency
from benchmarks.drained import Seen, at_rest, look, replay_failed, violations
from benchmarks.figures import Figure, tell
from benchmarks.kills import Kills
from benchmarks.machine import describe
from benchmarks.platforms import FakesApart, on_celery
from benchmarks.sure_people import GaveUp, SurePeople
from benchmarks.tales import Tale, go_on, tale
from demo.platform import Platform
from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore
from notify_core.kernel.ids import BroadcastMessageId
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import load_settings

ALERTS = int(os.environ.get("BENCH_ALERTS", "1000"))
# Everything is over after so many seconds, drained or not.
PATIENCE = float(os.environ.get("BENCH_PATIENCE", "1200"))
APPROVERS = 4
# Seconds between two kills, and for a network to answer: many are killed with a call in the air.
PAUSES = {"embedded": (1.0, 5.0), "celery": (3.0, 12.0)}
LATENCY = 0.05
# Seconds between two looks at what waits.
REST = 0.5


@dataclass
class Drain:
    platform: Platform
    pause: tuple[float, float]
    container: Container = field(init=False)
    networks: FakeNetworkStore = field(init=False)
    agency: Agency = field(init=False)
    replayed: int = field(default=0, init=False)

    def run(self) -> int:
        self.platform.prepare()
        try:
            return self._run()
        finally:
            self.platform.stop()

    def _run(self) -> int:
        self.agency = Agency(self.platform)
        self.agency.provision()
        self.container = Container(settings=load_settings(self.platform.environment))
        self.networks = FakeNetworkStore(self.platform.data_dir)
        try:
            self.platform.start()
            return self._drain(self._pending())
        finally:
            self.networks.close()
            self.container.wake().close()
            self.container.engine().dispose()

    def _pending(self) -> list[Tale]:
        """Alerts that wait for their approval."""
        with ThreadPoolExecutor(APPROVERS) as authors:
            people = [Agency(self.platform, self.agency.cast) for _ in range(APPROVERS)]
            made = authors.map(lambda number: people[number % APPROVERS].pending(), range(ALERTS))
            return [tale(number, id_, BroadcastMessageId(UUID(id_))) for number, id_ in enumerate(made)]

    def _drain(self, tales: Sequence[Tale]) -> int:
        for network in NETWORKS:
            self.networks.script(network, None, Behaviour(latency=LATENCY))
        kills = Kills(self.platform, self.pause)
        began = time.monotonic()
        until = began + PATIENCE
        kills.begin()
        with ThreadPoolExecutor(APPROVERS) as pool:
            shares = [tales[number::APPROVERS] for number in range(APPROVERS)]
            approvals = [pool.submit(self._approve, share, until) for share in shares]
            drained = self._wait(tales, approvals, until)
            took = time.monotonic() - began
            kills.end()
        seen = look(self.container, self.networks, [one.id for one in tales])
        found = [] if drained else [f"not drained in {PATIENCE:g} s"]
        found += [f"approving ended with {error!r}" for one in approvals if (error := one.exception()) is not None]
        found += self._violations(tales, seen, kills)
        self._tell(seen, kills, took, sum(one.result() for one in approvals if one.exception() is None))
        tell(Figure(f"{self._name}: violations", len(found), "", most=0))
        for line in found:
            print(f"  VIOLATION {line}")
        print(f"  {len(found) or 'no'} violations")
        return 1 if found else 0

    def _approve(self, tales: Sequence[Tale], until: float) -> int:
        """One approver, until there is nothing left to approve; how often they could not know whether they had."""
        people = SurePeople(Agency(self.platform, self.agency.cast), self.container, until)
        while not go_on(tales, people, self.container):
            if time.monotonic() > until:
                raise GaveUp(f"{sum(not one.over for one in tales)} tales are not over")
            time.sleep(REST)
        return people.unsure

    def _wait(self, tales: Sequence[Tale], approvals: Sequence[Future[int]], until: float) -> bool:
        """An operator looks after what failed, until nothing is left to do; false: not in time."""
        expected = {one.id: one.events for one in tales}
        told = time.monotonic()
        while time.monotonic() < until:
            self.replayed += replay_failed(self.container)
            over = all(one.done() for one in approvals)
            if over and (any(one.exception() for one in approvals) or at_rest(self.container, expected)):
                return True
            if time.monotonic() > told + 30:
                told = time.monotonic()
                depth = {f"{queue} {state}": count for (queue, state), count in self.container.ledger().depth().items()}
                print(f"    {until - told:4.0f} s left: {depth}", flush=True)
            time.sleep(REST)
        return False

    def _violations(self, tales: Sequence[Tale], seen: Seen, kills: Kills) -> list[str]:
        found = violations(seen, {one.id: one.events for one in tales}, NETWORKS)
        if kills.failure is not None:
            found.append(f"what was killed could not be started: {kills.failure!r}")
        return found + [f"{part} ended by itself" for part in self.platform.ended()]

    def _tell(self, seen: Seen, kills: Kills, took: float, unsure: int) -> None:
        types = Counter(event.type.value for events in seen.events.values() for event in events)
        print(f"{ALERTS:,} approved alerts drain, {self.platform.title}; load {os.getloadavg()[0]:.1f}")
        print(f"  {describe()}")
        print(f"  {', '.join(f'{count:,} {kind}s' for kind, count in types.items())}, each to {len(NETWORKS)} networks")
        print(f"  {kills.count.total()} kills: {', '.join(f'{part} {n}' for part, n in sorted(kills.count.items()))}")
        print(f"  {unsure} acts that people had to look up, {self.replayed:,} replays by the operator")
        tell(
            Figure(f"{self._name}: kills", kills.count.total(), ""),
            Figure(f"{self._name}: repeats that networks heard", seen.repeats, ""),
            Figure(self._name, ALERTS / took, "alerts/s"),
        )

    @property
    def _name(self) -> str:
        return f"{ALERTS:,} alerts drain, {self.platform.title}"


def main(arguments: Sequence[str]) -> int:
    (mode,) = arguments or ("embedded",)
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as folder:
        platform = on_celery(Path(folder)) if mode == "celery" else FakesApart(Path(folder))
        return Drain(platform, PAUSES[mode]).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

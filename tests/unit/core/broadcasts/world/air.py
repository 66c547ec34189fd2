"""Calls that hang, the workers that wait for them, and those that die while they do.

Every worker has a thread, and one of all threads runs at a time: the test's own, until it lets a worker work, and
the worker's then, until it is done or its call hangs. So whatever happens meanwhile happens in an order that a test
decides, and can repeat.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Semaphore, Thread
from typing import Any

from notify_core.broadcasts.model import Instruction, Route
from notify_core.broadcasts.ports import NetworkFailed
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import LONGEST_EXECUTION
from notify_core.testing.fakes.networks import PROFILES, MemoryNetworks
from tests.unit.core.broadcasts.world.mortal import ProcessDied

# Generous: it is only waited for when a worker neither ends nor hangs.
PATIENCE = 60


@dataclass(eq=False)
class Call:
    """One that hangs. ``heard``: the network has taken it or refused it, and its answer is on the way."""

    network: str
    route: Route
    instruction: Instruction
    since: datetime
    heard: bool
    dies: bool = False
    go_on: Semaphore = field(default_factory=lambda: Semaphore(0))


class Crew:
    """The workers, of which one at a time works."""

    def __init__(self) -> None:
        self.waiting: list[Call] = []
        self._back = Semaphore(0)
        self._errors: list[BaseException] = []

    def do(self, work: Callable[[], object]) -> None:
        """Let a worker do it, until it is done or hangs."""
        Thread(target=self._work, args=(work,), daemon=True).start()
        self._wait()

    def hang(self, call: Call) -> None:
        """The worker whose call it is goes no further before somebody lets it."""
        self.waiting.append(call)
        self._back.release()
        call.go_on.acquire()
        if call.dies:
            raise ProcessDied

    def let_go_on(self, call: Call, *, dies: bool = False) -> None:
        self.waiting.remove(call)
        call.dies = dies
        call.go_on.release()
        self._wait()

    def _work(self, work: Callable[[], object]) -> None:
        try:
            with suppress(ProcessDied):
                work()
        except BaseException as error:  # noqa: BLE001 - raised in the test's thread
            self._errors.append(error)
        finally:
            self._back.release()

    def _wait(self) -> None:
        if not self._back.acquire(timeout=PATIENCE):
            raise RuntimeError("a worker neither ends nor waits for a network")
        if self._errors:
            raise self._errors.pop()


class Air(MemoryNetworks):
    """Networks whose next call can be told to hang. ``before`` sees each call when it begins, with nothing else
    done since the checks if it is the first route's."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.crew = Crew()
        self.orphans: list[Call] = []
        self.before: Callable[[str, Route, Instruction], None] = lambda network, route, instruction: None
        self._clock = clock
        self._hangs: dict[tuple[str, Route], bool] = {}

    def hang(self, network: str, route: Route, *, heard: bool) -> None:
        """The next call on this route hangs, before or after the network has heard it."""
        self._hangs[network, route] = heard

    def send(self, network: str, route: Route, instruction: Instruction) -> None:
        self.before(network, route, instruction)
        heard = self._hangs.pop((network, route), None)
        if heard is None:
            super().send(network, route, instruction)
            return
        call = Call(network, route, instruction, self._clock.now(), heard)
        failure = self._heard(call) if heard else None
        self.crew.hang(call)
        if failure is not None:
            raise failure
        if not heard:
            super().send(network, route, instruction)

    def kill(self, call: Call) -> None:
        """The worker dies. What it sent is still in the air if the network has not heard it."""
        self.crew.let_go_on(call, dies=True)
        if not call.heard:
            self.orphans.append(call)

    def arrive(self, call: Call) -> None:
        """The network hears what a worker sent that is dead by now."""
        self.orphans.remove(call)
        self._heard(call)

    def clear(self, now: datetime) -> None:
        """By then no execution may last, and nothing is in the air, that has begun so long before."""
        for call in [call for call in self.crew.waiting if now - call.since >= LONGEST_EXECUTION]:
            self.kill(call)
        self.orphans = [call for call in self.orphans if now - call.since < LONGEST_EXECUTION]

    def recover_all(self) -> None:
        """All answer at once again, and nobody hangs."""
        self._hangs.clear()
        for profile in PROFILES:
            self.recover(profile.name)

    def dismiss(self) -> None:
        """No worker waits any more."""
        while self.crew.waiting:
            self.kill(self.crew.waiting[0])

    def _heard(self, call: Call) -> NetworkFailed | None:
        try:
            super().send(call.network, call.route, call.instruction)
        except NetworkFailed as failure:
            return failure
        return None


class Airy:
    """A world with such networks: put it before the others."""

    networks: Air

    def __post_init__(self) -> None:
        super().__post_init__()  # type: ignore[misc]
        self.networks = Air(self.clock)  # type: ignore[attr-defined]

    def run_row(self, entry_id: Any) -> None:
        self.networks.crew.do(lambda: super(Airy, self).run_row(entry_id))  # type: ignore[misc]

    def go_on(self, call: Call, commits: int | None = None) -> None:
        """The network answers at last; the worker dies at the commit behind this many, if any."""
        self.storage.dies_after = commits  # type: ignore[attr-defined]
        self.networks.crew.let_go_on(call)
        self.storage.dies_after = None  # type: ignore[attr-defined]

    def advance(self, by: timedelta) -> None:
        self.networks.clear(self.clock.now() + by)  # type: ignore[attr-defined]
        super().advance(by)  # type: ignore[misc]

"""What a process is executing at the moment, so that long work keeps its lease."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import LEASE, LONGEST_EXECUTION, Claim, TaskLedger


@dataclass(frozen=True)
class UnderWay:
    """The claims that this process has. Safe among threads."""

    clock: Clock
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)
    _begun: dict[int, tuple[Claim, float]] = field(default_factory=dict, init=False, repr=False)

    @contextmanager
    def holding(self, *claims: Claim) -> Iterator[None]:
        """The claims are under way inside the ``with`` block."""
        now = self.clock.monotonic()
        with self._lock:
            self._begun.update({id(claim): (claim, now) for claim in claims})
        try:
            yield
        finally:
            with self._lock:
                for claim in claims:
                    del self._begun[id(claim)]

    def __len__(self) -> int:
        with self._lock:
            return len(self._begun)

    def extend(self, ledger: TaskLedger) -> None:
        """The heartbeat: each claim lasts :data:`LEASE` from now, for as long as an execution may last. A hung one
        becomes somebody else's after that, when its process has been ended where that can be done.

        :raises TransientError: the database is not there.
        """
        last_beginning = self.clock.monotonic() - LONGEST_EXECUTION.total_seconds()
        with self._lock:
            claims = [claim for claim, begun in self._begun.values() if begun >= last_beginning]
        if claims:
            ledger.extend(claims, LEASE)

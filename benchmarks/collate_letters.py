"""Collating the letters of one day: listing requests, time, memory.

The letters (20,000) and their zips are in SQLite; the store is a list of names that counts its requests, so that only
ours is measured. One request for every 1,000 files and one more are allowed, no file may be read, and ten times as many
letters may take twice the memory.
"""

import os
import sys
import tempfile
import time
import tracemalloc
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.figures import Figure, tell
from benchmarks.machine import describe
from benchmarks.print_runs import DEADLINE, a_database, letters_due
from notify_core.letters.model import Bucket, StoredObject
from notify_core.letters.ports import LetterPdfNotFound
from notify_core.letters.tasks.printing import FindLettersToPrint
from notify_core.letters.use_cases.printing import FindLetters, GroupLetters
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.letter_store import MemoryLetterStore
from notify_core.testing.fakes.metrics import MemoryMetrics

LETTERS = int(os.environ.get("BENCH_LETTERS", "20000"))
SIZE = 60_000
_PAGE = 1_000


class Listed(MemoryLetterStore):
    """Has names only."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self._sorted = sorted(keys)

    def listing(self, bucket: Bucket, prefix: str = "", behind: str = "") -> Iterator[StoredObject]:  # noqa: ARG002
        first = bisect_right(self._sorted, behind)
        for number in range(first, len(self._sorted)):
            if (number - first) % _PAGE == 0:
                self.requests.append("list")
            yield StoredObject(self._sorted[number], SIZE, DEADLINE)

    def find(self, bucket: Bucket, prefix: str) -> StoredObject:
        self.requests.append("list")
        place = bisect_left(self._sorted, prefix)
        if place < len(self._sorted) and self._sorted[place].startswith(prefix):
            return StoredObject(self._sorted[place], SIZE, DEADLINE)
        raise LetterPdfNotFound(bucket, prefix)


@dataclass(frozen=True)
class Measured:
    requests: int
    read: int
    zips: int
    seconds: float
    peak: int


def collate(number: int) -> Measured:
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as name, a_database(Path(name)) as work:
        store = Listed([str(one.pdf.key) for one in letters_due(work, number, SIZE, services=7) if one.pdf])
        clock = FakeClock(DEADLINE + timedelta(minutes=20))
        find = FindLetters(work, clock, MemoryMetrics(), store)
        group = GroupLetters(work, clock)

        def run() -> None:
            find._search_for_a_while(FindLettersToPrint(DEADLINE.isoformat()))  # noqa: SLF001 - without a worker
            group._group_for_a_while(DEADLINE)  # noqa: SLF001

        seconds, peak = _measured(run)
        with work(read_only=True) as unit:
            groups = unit.print_runs.groups(DEADLINE)
        if sum(one.letters for one in groups) != number:
            raise SystemExit("not all letters are in zips")
        return Measured(store.requests.count("list"), store.requests.count("get"), len(groups), seconds, peak)


def _measured(run: Callable[[], None]) -> tuple[float, int]:
    tracemalloc.start()
    began = time.perf_counter()
    run()
    seconds = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, peak


def main() -> int:
    print(describe())
    results = {number: collate(number) for number in (LETTERS // 10, LETTERS)}
    for number, result in results.items():
        print(
            f"{number:,} letters of one day, {result.zips} zips: {result.requests} listing requests, "
            f"{result.read} files read, {result.seconds:.1f} s (traced), {result.peak / 1e6:.1f} MB of memory at most"
        )
    few, many = results.values()
    name = f"collating {LETTERS:,} letters"
    tell(
        Figure(f"{name}: listing requests", many.requests, "", most=-(-LETTERS // _PAGE) + 1),
        Figure(f"{name}: files read", many.read, "", most=0),
        Figure(f"{name}: memory, against {LETTERS // 10:,}", many.peak / 1e6, "MB", few.peak / 1e6, most_share=2),
        Figure(f"{name}, memory being traced", many.seconds, "s"),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

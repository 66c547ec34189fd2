"""Telling what happens, step by step, with timings; and knowing in the end whether all went well."""

import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class StepFailed(Exception):
    """What was to be shown did not happen."""


class Account:
    """Prints each step when it is over; ``failed`` says whether any was not what it should be."""

    def __init__(self) -> None:
        self.failed = False
        self._told: list[str] = []
        self._began = time.perf_counter()

    def heading(self, title: str) -> None:
        """Which engines this account is of."""
        print(f"\n{title}\n{'═' * len(title)}", flush=True)

    def chapter(self, title: str) -> None:
        self._told.append(title)
        print(f"\n{title}\n{'─' * len(title)}", flush=True)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One step; an exception in it is told and ends the demonstration."""
        began = time.perf_counter()
        try:
            yield
        except BaseException as error:
            self.fail(f"{title}: {error}")
            raise
        self._told.append(f"  ✔ {title}")
        print(f"  ✔ {title}  ({time.perf_counter() - began:.2f} s)", flush=True)

    def note(self, text: str) -> None:
        """Something worth seeing, below the step before."""
        print(textwrap.indent(text, "      "), flush=True)

    def fail(self, why: str) -> None:
        """Something is not as it should be. Said once: the first fault is the one to look at."""
        if not self.failed:
            print(f"  ✘ {why}", flush=True)
        self.failed = True

    def compare(self, expected: Path) -> None:
        """Whether this account is the one that every set of engines must give."""
        if self._told != expected.read_text(encoding="utf-8").splitlines():
            self.fail(f"this account differs from {expected}:\n" + "\n".join(self._told))

    def close(self) -> int:
        """The last line; the exit status."""
        seconds = time.perf_counter() - self._began
        verdict = "Something is not as it should be." if self.failed else "Everything happened as it should."
        print(f"\n{verdict}  ({seconds:.1f} s)", file=sys.stderr if self.failed else sys.stdout, flush=True)
        return 1 if self.failed else 0


def expect(holds: bool, otherwise: str) -> None:
    """:raises StepFailed: it does not hold."""
    if not holds:
        raise StepFailed(otherwise)


def eventually(look: Callable[[], T | None], *, within: float, otherwise: str) -> T:
    """What ``look`` finds as soon as it finds something.

    :raises StepFailed: nothing within so many seconds.
    """
    end = time.monotonic() + within
    while time.monotonic() < end:
        if (found := look()) is not None:
            return found
        time.sleep(0.02)
    raise StepFailed(f"{otherwise} within {within:g} s")

"""What every implementation of the Heartbeats port does."""

from typing import ClassVar

import pytest

from notify_core.ports.heartbeats import Beat, Heartbeats


class HeartbeatsContract:
    """Supply the fixture ``heartbeats`` and, unless ``watched`` is declared false, :meth:`seen` and
    :meth:`make_the_watcher_fail`."""

    #: Whether there is a watcher at all.
    watched: ClassVar[bool] = True

    @pytest.fixture
    def heartbeats(self) -> Heartbeats:
        raise NotImplementedError

    def seen(self, heartbeats: Heartbeats) -> list[tuple[str, str]]:
        """What the watcher saw, as (name, state), in order."""
        raise NotImplementedError

    def make_the_watcher_fail(self, heartbeats: Heartbeats) -> None:
        raise NotImplementedError

    def test_the_watcher_sees_each_phase_of_an_entry(self, heartbeats: Heartbeats) -> None:
        for state in Beat:
            heartbeats.beat("run-scheduled-jobs", state)
        if self.watched:
            assert self.seen(heartbeats) == [("run-scheduled-jobs", state) for state in ("run", "complete", "fail")]

    def test_a_watcher_that_fails_stops_no_work(self, heartbeats: Heartbeats) -> None:
        if self.watched:
            self.make_the_watcher_fail(heartbeats)
        heartbeats.beat("run-scheduled-jobs", Beat.RUN)

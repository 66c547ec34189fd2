"""Tests of the ways to the networks, in memory."""

from collections.abc import MutableMapping, Sequence
from datetime import datetime

from notify_core.broadcasts.model import AttemptOutcome, LinkState, LinkTest, Route
from notify_core.kernel.ids import LinkTestId
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.inserting import insert


class MemoryLinkTests:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[tuple[LinkTestId, Route], LinkTest] = database.table("link_tests")

    def add(self, test: LinkTest) -> None:
        insert(self._database, self._rows, (test.id, test.route), test, what=f"link test {test.id}")

    def latest(self, since: datetime | None = None) -> Sequence[LinkState]:
        links: dict[tuple[str, Route], list[LinkTest]] = {}
        for test in sorted(self._rows.values(), key=lambda one: (one.at, one.id)):
            links.setdefault((test.provider, test.route), []).append(test)
        return [_state(tests, since) for _, tests in sorted(links.items())]

    def remove_before(self, at: datetime, limit: int) -> int:
        old = sorted((test.at, test.id, test.route) for test in self._rows.values() if test.at < at)[:limit]
        for _, test_id, route in old:
            del self._rows[test_id, route]
        return len(old)


def _state(tests: Sequence[LinkTest], since: datetime | None) -> LinkState:
    outcomes = [test.outcome for test in tests if since is None or test.at >= since]
    return LinkState(
        tests[-1],
        acknowledged=outcomes.count(AttemptOutcome.ACKNOWLEDGED),
        failed=outcomes.count(AttemptOutcome.FAILED),
    )

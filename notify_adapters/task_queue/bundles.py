"""Which rows travel in one message, for a broker whose messages cost more than what they announce."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from notify_core.ports.task_queue import Publication

# Before any message names a second row, so many messages go their own ways: few rows are begun by many
# workers at once, and only a crowd travels together.
SPREAD = 16


def bundles(publications: Sequence[Publication]) -> Iterator[Sequence[Publication]]:
    """The rows in their order, those that may share a message together: rows of one task and queue that follow
    each other, as many as the task allows."""
    for _, group in groupby(publications, key=lambda row: (row.task, row.queue, row.together)):
        rows = list(group)
        size = max(1, min(rows[0].together, len(rows) // SPREAD))
        for start in range(0, len(rows), size):
            yield rows[start : start + size]

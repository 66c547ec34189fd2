"""A broker in memory that can do all that brokers do: fail, lose, repeat and reorder."""

from collections import deque
from collections.abc import Callable, Sequence

from notify_core.kernel.errors import TransientError
from notify_core.kernel.queues import Queue
from notify_core.ports.task_queue import Publication


class MemoryTaskQueue:
    """Messages wait until a test takes them. ``published`` are all that were ever handed over."""

    def __init__(self) -> None:
        self.waiting: deque[Publication] = deque()
        self.published: list[Publication] = []
        self._failures = 0
        self._taken_before_failure = 0
        self._dying = False
        self._meanwhile: Callable[[], object] = int

    def publish(self, publications: Sequence[Publication]) -> None:
        self._meanwhile()
        if self._dying:
            self._dying = False
            raise SystemExit("the process was ended")
        if self._failures:
            self._failures -= 1
            self._accept(publications[: self._taken_before_failure])
            raise TransientError("the broker is not there")
        self._accept(publications)

    def take(self, queue: Queue | None = None) -> Publication | None:
        """The next message (of a queue); None: there is none."""
        for position, publication in enumerate(self.waiting):
            if queue in {None, publication.queue}:
                del self.waiting[position]
                return publication
        return None

    def fail(self, times: int = 1, *, after: int = 0) -> None:
        """Refuse the next ``times`` calls, each once it has taken ``after`` messages."""
        self._failures = times
        self._taken_before_failure = after

    def is_slow(self, meanwhile: Callable[[], object]) -> None:
        """Something happens while it takes what it is given."""
        self._meanwhile = meanwhile

    def die(self) -> None:
        """End the process that publishes next, before anything is taken."""
        self._dying = True

    def lose(self) -> None:
        """Forget all that waits, as a broker without a disk does when it restarts."""
        self.waiting.clear()

    def repeat(self, times: int = 1) -> None:
        """Deliver all that waits this many times more."""
        for publication in list(self.waiting) * times:
            self.waiting.append(publication)

    def reverse(self) -> None:
        """Deliver what waits in the opposite order."""
        self.waiting.reverse()

    def _accept(self, publications: Sequence[Publication]) -> None:
        self.published.extend(publications)
        self.waiting.extend(publications)

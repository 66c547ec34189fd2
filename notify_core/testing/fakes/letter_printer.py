"""A printer that keeps the zips it is brought until a test takes them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from notify_core.kernel.errors import NotifyError, PermanentError
from notify_core.letters.ports.printer import AtPrinter


@dataclass
class MemoryLetterPrinter:
    """``incoming`` and ``released`` are zips by name; ``taken`` those that the printer took away."""

    name: str = "memory"
    incoming: dict[str, bytes] = field(default_factory=dict)
    released: dict[str, bytes] = field(default_factory=dict)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    _failures: list[NotifyError] = field(default_factory=list)

    def fail_with(self, *errors: NotifyError) -> None:
        """The next calls meet these errors, one each."""
        self._failures.extend(errors)

    def take_all(self) -> None:
        """The printer takes away what was released."""
        self.taken.extend(self.released.items())
        self.released.clear()

    def look(self, zip_name: str) -> AtPrinter:
        self._play()
        incoming, released = self.incoming.get(zip_name), self.released.get(zip_name)
        return AtPrinter(
            None if incoming is None else len(incoming),
            None if released is None else len(released),
        )

    def upload(self, zip_name: str, pieces: Iterable[bytes]) -> None:
        self._play()
        self.incoming[zip_name] = b""
        for piece in pieces:
            self.incoming[zip_name] += piece

    def release(self, zip_name: str) -> None:
        self._play()
        content = self.incoming.get(zip_name)
        if content is None:
            return
        if zip_name in self.released:
            raise PermanentError(f"the printer has another file of the name {zip_name}")
        self.released[zip_name] = content
        del self.incoming[zip_name]

    def _play(self) -> None:
        if self._failures:
            raise self._failures.pop(0)

"""Processes that die, and a database that is away for a moment."""

from notify_core.kernel.errors import TransientError
from notify_core.testing.fakes.unit_of_work import MemoryStorage


class ProcessDied(BaseException):
    """Nobody catches this: the process is gone, with its claim."""


class MortalStorage(MemoryStorage):
    """The commit behind that many is the process's last, or is one that the database refuses."""

    dies_after: int | None = None
    falters_after: int | None = None

    def raise_if_scripted(self) -> None:
        super().raise_if_scripted()
        if self.dies_after is not None:
            if self.dies_after == 0:
                raise ProcessDied
            self.dies_after -= 1
        if self.falters_after is not None:
            self.falters_after -= 1
            if self.falters_after < 0:
                self.falters_after = None
                raise TransientError("the database is away")

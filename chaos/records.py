"""What those around the platform remember: what they took, and whether they said so."""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock


@dataclass
class Taken:
    """``player`` took what has this ``key`` at ``at`` (seconds since 1970), and was done with it at ``until``.
    ``answered``: whether the platform was told in time. ``about`` and ``status`` are of callbacks: of which message,
    and what became of it."""

    player: str
    key: str
    at: float
    until: float = 0.0
    answered: bool = False
    about: str = ""
    status: str = ""


@dataclass
class Records:
    """Written down line by line as they happen, so that they can be read when everything else is gone."""

    file: Path
    _taken: list[Taken] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def take(self, player: str, key: str, *, about: str = "", status: str = "") -> Taken:
        """Taken now; whether that was said is noted by :meth:`said`."""
        taken = Taken(player, key, time.time(), about=about, status=status)
        with self._lock:
            self._taken.append(taken)
            self._write(taken)
        return taken

    def said(self, taken: Taken, *, in_time: bool) -> None:
        with self._lock:
            taken.until, taken.answered = time.time(), in_time
            self._write(taken)

    def all(self) -> list[Taken]:
        """In the order in which they were taken."""
        with self._lock:
            return list(self._taken)

    def _write(self, taken: Taken) -> None:
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(taken)) + "\n")

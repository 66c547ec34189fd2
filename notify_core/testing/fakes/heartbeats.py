"""Heartbeats that can be asked what was beaten."""

from dataclasses import dataclass, field

from notify_core.ports.heartbeats import Beat


@dataclass
class MemoryHeartbeats:
    """``beats`` in the order they came; while ``down`` they are lost, and nobody is told."""

    beats: list[tuple[str, Beat]] = field(default_factory=list)
    down: bool = False

    def beat(self, name: str, state: Beat) -> None:
        if not self.down:
            self.beats.append((name, state))

"""Nobody watches."""

from collections.abc import Mapping

from notify_adapters.options import known
from notify_core.ports.heartbeats import Beat, Heartbeats

OPTIONS: Mapping[str, str] = {}


class NoHeartbeats:
    def beat(self, name: str, state: Beat) -> None:
        """There is nobody to tell."""


def build(options: Mapping[str, str]) -> Heartbeats:
    known(options, *OPTIONS)
    return NoHeartbeats()

"""What a deployment decides about callbacks."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class CallbackRules:
    """After ``circuit_failures`` in a row an address is left alone, but for a probe ``probe_every`` so often."""

    circuit_failures: int = 10
    probe_every: timedelta = timedelta(seconds=60)

"""What operators see and do."""

from typing import Any

from notify_core.broadcasts.model import Assumption, BroadcastEvent
from notify_core.broadcasts.use_cases.network_states import NetworkState
from notify_core.broadcasts.use_cases.network_words import words_on
from notify_core.broadcasts.use_cases.views import remedy_line
from tests.unit.core.broadcasts.world.platform import Platform


class Operators(Platform):
    def state(self, event: BroadcastEvent, provider: str = "ee") -> NetworkState:
        sight = self.look(event.broadcast_message_id)
        (states,) = (states for seen, states in sight.events if seen.id == event.id)
        return next(state for state in states if state.provider == provider)

    def words(self, event: BroadcastEvent, provider: str = "ee") -> str:
        sight = self.look(event.broadcast_message_id)
        return words_on(self.state(event, provider), sight.known, sight.at)

    def mend(self, event: BroadcastEvent, provider: str = "ee") -> list[str]:
        """The lines, sentences and commands, of everything in its way."""
        return [remedy_line(one) for block in self.state(event, provider).blocks for one in block.mend]

    def commands(self, event: BroadcastEvent, provider: str = "ee") -> list[str]:
        """The commands only, without what they all begin with."""
        start = "notify broadcasts replay "
        return [line.removeprefix(start) for line in self.mend(event, provider) if line.startswith(start)]

    def assume_sent(self, event: BroadcastEvent, provider: str = "ee") -> Any:
        return self.replay(event.id, provider, Assumption.SENT)

    def assume_not_sent(self, event: BroadcastEvent, provider: str = "ee") -> Any:
        return self.replay(event.id, provider, Assumption.NOT_SENT)

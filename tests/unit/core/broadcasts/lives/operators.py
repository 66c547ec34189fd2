"""What operators do about what does not go out: what they are told to, and what they should not."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from notify_core.broadcasts.model import Assumption
from notify_core.broadcasts.policies.remedies import Replay
from notify_core.broadcasts.use_cases.network_states import STUCK
from notify_core.kernel.errors import AlreadyExists
from notify_core.ports.task_ledger import EntryState
from tests.unit.core.broadcasts.lives.stage import Stage


class Operators(Stage):
    def stuck(self):
        """Each state that waits for an operator, with its event."""
        return [
            (event, state)
            for message in self.messages
            for event, states in self.world.look(message.id).events
            for state in states
            if state.where in STUCK
        ]

    def commands(self, state):
        return [one for block in state.blocks for one in block.mend if isinstance(one, Replay)]

    def replay(self, command):
        replayed = self.attempt(self.world.replay, command.event_id, command.provider, command.assume)
        if replayed is not None:
            self.note_replayed(replayed)
        return replayed

    def is_honest(self, command):
        """Whether what is assumed is true of all that it would be said of."""
        if command.assume is None:
            return True
        blocked = self.world.state(self.made[command.event_id], command.provider)
        tried = [block.event for block in blocked.blocks if block.status is not None]
        return {self.network_has(event, command.provider) for event in tried} <= {command.assume is Assumption.SENT}

    @precondition(lambda self: self.stuck())
    @rule(data=st.data())
    def do_what_show_says(self, data):
        _, state = self.any_of(data, self.stuck())
        if command := self.any_of(data, [one for one in self.commands(state) if self.is_honest(one)]):
            self.replay(command)

    @precondition(lambda self: self.made)
    @rule(data=st.data(), assume=st.sampled_from([None, *Assumption]), careless=st.booleans())
    def replay_whatever(self, data, assume, careless):
        event = self.any_of(data, list(self.made.values()))
        command = Replay(event.id, data.draw(st.sampled_from(event.providers)), assume)
        if careless or self.is_honest(command):
            self.replay(command)

    @rule()
    def replay_failed_tasks(self):
        for row in self.world.rows(state=EntryState.FAILED):
            try:
                self.world.ledger.replay(row.id)
            except AlreadyExists:
                self.world.ledger.purge(row.id)

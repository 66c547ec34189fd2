"""Left alone, with everything well again, everything comes to its end."""

import json
from datetime import timedelta

from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.states import RevisionStatus as R
from notify_core.broadcasts.tasks import CompleteExpiredBroadcasts
from notify_core.broadcasts.use_cases.network_states import STUCK, Where
from notify_core.ports.task_ledger import EntryState
from tests.unit.core.broadcasts.lives.operators import Operators
from tests.unit.core.broadcasts.lives.promises import Promises
from tests.unit.core.broadcasts.lives.stage import NETWORKS
from tests.unit.core.broadcasts.lives.workers import Workers

OVER = frozenset({Where.ACKNOWLEDGED, Where.EXPIRED, Where.GIVEN_UP, Where.NOTHING_TO_CANCEL, Where.NOT_QUEUED})
# Each has at most so many events that wait for each other.
ROUNDS = 12


class Ends(Workers, Operators, Promises):
    def everything_comes_to_its_end(self):
        self.all_is_well()
        for _ in range(ROUNDS):
            if not self.unfinished():
                break
            self.somebody_does_what_show_says()
            self.world.advance(timedelta(minutes=6))
            self.world.run(times=2)
        self.promises_are_kept()
        assert not self.unfinished(), self.unfinished()
        self.world.advance(timedelta(days=1))
        self.enqueue(CompleteExpiredBroadcasts())
        self.world.run(times=3)
        self.check_over()

    def all_is_well(self):
        """The networks, the service, the database; and nobody hangs any more."""
        self.world.networks.recover_all()
        self.world.networks.enable(*NETWORKS)
        self.world.put_service(active=True, restricted=False)
        self.world.put_settings()
        while self.world.networks.crew.waiting:
            self.world.go_on(self.world.networks.crew.waiting[0])

    def unfinished(self):
        """What has come to no end: where it is, and what operators are told of it."""
        return [
            (f"{event.type} {event.number} at {state.provider} is {state.where}", state.blocks)
            for message in self.messages
            for event, states in self.world.look(message.id).events
            for state in states
            if state.where not in OVER and not self.is_hopeless(event, state)
        ]

    def is_hopeless(self, event, state):
        """The network was told by an operator to take for heard what it never heard, and refuses what names it."""
        return (event.broadcast_message_id, state.provider) in self.misled

    def somebody_does_what_show_says(self):
        for _, state in self.stuck():
            for command in self.commands(state):
                if self.is_honest(command) and self.replay(command):
                    break

    def check_over(self):
        for message in self.current():
            assert message.status is not MessageStatus.BROADCASTING
            assert all(one.status is not R.PENDING_APPROVAL for one in self.world.revisions(message))
            for _, states in self.world.look(message.id).events:
                assert {state.where for state in states} <= OVER
            shown = self.world.show(message.id)
            assert shown == json.loads(json.dumps(shown))
        assert all(listed.blocked == 0 for listed in self.world.list_all())
        assert all(row.state is EntryState.FAILED for row in self.world.rows())
        assert STUCK.isdisjoint(OVER)

"""What the machine remembers, and how things are tried."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from notify_core.broadcasts.model import Assumption
from notify_core.broadcasts.states import MessageStatus
from notify_core.kernel.errors import Conflict, InvalidValue, NotAllowed, NotFound, TransientError

NETWORKS = ("ee", "o2", "three", "vodafone")
MOST_MESSAGES = 3
REFUSED = (NotAllowed, NotFound, InvalidValue, Conflict, TransientError)


class Stage(RuleBasedStateMachine):
    def __init__(self, world):
        super().__init__()
        self.world = world
        self.messages = []
        # The events as they were made, those of them that were to go out, and how many of these call people out.
        self.made = {}
        self.queued = set()
        # Who has edited which message.
        self.editors = {}
        # What was approved while the service was in training mode.
        self.rehearsed = set()
        # What operators said of (event, network), what they replayed, and the (message, network) of which they
        # said what is not true.
        self.assumed = {}
        self.replayed = set()
        self.misled = set()
        # Whether the database is away when somebody wants something next.
        self.hiccup = False

    def promises(self):
        """Each raises an AssertionError if it is broken; classes add theirs."""
        return ()

    @invariant()
    def promises_are_kept(self):
        for promise in self.promises():
            promise()

    def attempt(self, act, *arguments, **changes):
        """It is done, or refused with a reason and nothing is changed. Returns what came of it, or None."""
        before = self.world.snapshot()
        self.world.storage.falters_after = 0 if self.hiccup else None
        try:
            result = act(*arguments, **changes)
        except REFUSED as error:
            refusal = str(error)
        else:
            refusal = None
        finally:
            self.hiccup = False
            self.world.storage.falters_after = None
        if refusal is not None:
            assert refusal
            assert self.world.snapshot() == before
            return None
        self._note_events()
        return result

    def _note_events(self):
        for message in self.messages:
            for event in self.world.events(message):
                if event.id not in self.made:
                    self.made[event.id] = event
                    assert event.number > 1 or set(event.providers) <= set(self.world.networks.enabled())
                    if message.stubbed is None and not self.world.service.restricted:
                        self.queued.add(event.id)

    def note_replayed(self, replayed):
        """Remember what an operator took for true of which events, and whether it was."""
        self.replayed.add(replayed.event.id)
        for event in replayed.settled:
            if (replayed.assume is Assumption.SENT) is not self.network_has(event, replayed.provider):
                self.misled.add((event.broadcast_message_id, replayed.provider))
            self.assumed[event.id, replayed.provider] = replayed.assume

    def network_has(self, event, provider):
        """Only the network knows."""
        copy = self.copy_of(event, provider)
        return copy is not None and str(copy.id) in self.heard_by(provider)

    def heard_by(self, provider):
        """The identifiers that the network has taken, in the order it took them first."""
        return [taken.identifier for taken in self.world.networks.acknowledged(provider)]

    def copy_of(self, event, provider):
        with self.world.storage(read_only=True) as work:
            return work.provider_messages.find(event.id, provider)

    # Choosing

    def current(self):
        return [self.world.message(message) for message in self.messages]

    def any_of(self, data, things):
        """By its number, which is all that is to be read where the machine fails."""
        return things[data.draw(st.sampled_from(range(len(things))))] if things else None

    def any_message(self, data, *statuses):
        return self.any_of(data, [one for one in self.current() if not statuses or one.status in statuses])

    def any_event(self, data):
        """One that was to go out, or None."""
        return self.any_of(data, [self.made[event_id] for event_id in self.made if event_id in self.queued])

    def is_live(self):
        return any(message.status is MessageStatus.BROADCASTING for message in self.current())

"""What must hold of each call to a network at the moment when it begins, and of what networks have heard.

Written down a second time, from the page: nothing here asks the rules that are tested.
"""

from notify_core.broadcasts.model import Assumption, EventType, InstructionType, Route
from notify_core.broadcasts.states import ProviderMessageStatus
from tests.unit.core.broadcasts.lives.stage import NETWORKS, Stage


class Overheard(Stage):
    def __init__(self, world):
        super().__init__(world)
        # What was said under each (network, identifier), and to whom each message number went.
        self.said = {}
        self.numbers = {}
        # A worker would take an assertion for a fault of its own: so they are raised afterwards.
        self.wrong = []
        world.networks.before = self.overhear

    def overhear(self, network, route, instruction):
        try:
            assert not self.world.database.in_transaction, "a network is called within a transaction"
            self.check_identity(network, instruction)
            if instruction.type is not InstructionType.TEST:
                self.check_call(network, route, instruction)
        except Exception as error:  # noqa: BLE001 - see above
            self.wrong.append(error)

    def check_identity(self, network, instruction):
        identity = network, instruction.identifier
        assert self.said.get(identity, instruction) == instruction, "an identifier with two contents"
        assert all(name == network for name, other in self.said if other == instruction.identifier)
        number = instruction.message_number
        assert (number is not None) is (network == "vodafone")
        if number is not None:
            assert self.numbers.setdefault(number, identity) == identity, "a number for two messages"

    def check_call(self, network, route, instruction):
        message, copy = self.said_of(network, instruction)
        event = self.made[copy.broadcast_event_id]
        assert copy.message_number == instruction.message_number
        assert self.world.attempts(copy)[-1][:2] == (route.value, "started")
        is_first = (network, instruction.identifier) not in self.said
        self.said[network, instruction.identifier] = instruction
        if route is not Route.FIRST:
            return
        # Nothing has happened since the checks.
        service, now = self.world.service, self.world.clock.now()
        assert service.active
        assert not service.restricted
        assert message.stubbed is None
        assert copy.status is ProviderMessageStatus.SENDING
        assert network in event.providers
        assert network in self.world.networks.enabled()
        assert now < (message.finishes_at if event.type is EventType.CANCEL else event.finishes_at)
        named = self.expected_references(message, event, network, is_first=is_first)
        self.check_content(message, instruction, event, named)
        if (message.id, network) not in self.misled:
            heard = self.heard_by(network)
            assert all(one in heard for one in named), "it names what the network never had"

    def said_of(self, network, instruction):
        """What is said must be kept before."""
        return next(
            (message, copy)
            for message in self.current()
            for copy in self.world.copies(message, network)
            if str(copy.id) == instruction.identifier
        )

    def expected_references(self, message, event, network, *, is_first):
        """The identifiers of all that the network heard before; everything before it must be settled."""
        named = []
        for earlier in self.world.events(message)[: event.number - 1]:
            copy = self.copy_of(earlier, network)
            assumed = self.assumed.get((earlier.id, network))
            if copy is None:
                assert earlier.finishes_at <= self.world.clock.now(), "the one before may still go out"
            elif copy.status is ProviderMessageStatus.RETURNED_ACK or assumed is Assumption.SENT:
                named.append(str(copy.id))
            else:
                assert assumed is Assumption.NOT_SENT, "nobody has said what became of the one before"
                if is_first:
                    acknowledged = [one for one in self.world.attempts(copy) if one[1] == "acknowledged"]
                    assert not acknowledged, "the network itself has said that it has the one before"
        return named

    def check_content(self, message, instruction, event, named):
        if event.type is EventType.CANCEL:
            assert named, "there is nothing to cancel"
            assert instruction.type is InstructionType.CANCEL
            assert instruction.description is None
        else:
            assert instruction.type is (InstructionType.UPDATE if named else InstructionType.ALERT)
            assert instruction.description == event.content
            assert instruction.simple_polygons == event.simple_polygons
            assert (instruction.expires, instruction.channel) == (event.finishes_at, event.channel)
        assert instruction.sent == event.sent_at
        assert [str(one.message_id) for one in instruction.references] == named
        copies = {str(copy.id): copy for copy in self.world.copies(message)}
        for one in instruction.references:
            copy = copies[str(one.message_id)]
            assert (one.sent, one.message_number) == (copy.created_at, copy.message_number)

    def promises(self):
        return (
            *super().promises(),
            self.every_call_was_right,
            self.networks_hear_one_thing_in_order,
            self.what_is_taken_for_not_sent_was_not,
            self.practice_stays_here,
            self.people_are_called_out_once_for_each_alert,
        )

    def every_call_was_right(self):
        if self.wrong:
            raise self.wrong[0]

    def networks_hear_one_thing_in_order(self):
        for network in NETWORKS:
            heard = self.heard_by(network)
            for message in self.messages:
                copies = {str(copy.id): copy for copy in self.world.copies(message, network)}
                numbers = [self.made[copies[one].broadcast_event_id].number for one in heard if one in copies]
                # Each once, and a cancellation after its alert.
                assert numbers == sorted(set(numbers))
                for copy in copies.values():
                    if copy.status is ProviderMessageStatus.RETURNED_ACK:
                        assert str(copy.id) in heard

    def what_is_taken_for_not_sent_was_not(self):
        """Where that was true when it was said, nothing that was in the air makes it a lie."""
        events = {event.id: event for event in self.made.values()}
        for (event_id, network), assumed in self.assumed.items():
            event = events[event_id]
            if (event.broadcast_message_id, network) not in self.misled:
                assert self.network_has(event, network) is (assumed is Assumption.SENT)

    def practice_stays_here(self):
        """What was not to go out does not; but what changes or ends an alert that did, operators may send."""
        called = {identifier for _, identifier in self.said}
        for message in self.messages:
            was_live = any(event.id in self.queued for event in self.world.events(message))
            for copy in self.world.copies(message):
                event = self.made[copy.broadcast_event_id]
                by_operator = was_live and event.type is not EventType.ALERT and event.id in self.replayed
                assert event.id in self.queued or by_operator or str(copy.id) not in called

    def people_are_called_out_once_for_each_alert(self):
        alerts = [one for one in self.made.values() if one.type is EventType.ALERT and one.id in self.queued]
        assert len(self.world.tickets()) == len(alerts)

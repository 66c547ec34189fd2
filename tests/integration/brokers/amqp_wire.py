"""RabbitMQ, frame by frame. Source: AMQP 0-9-1, section 4.2."""

import json
import struct
from itertools import count

from amqp import spec
from amqp.basic_message import Message as Content
from amqp.serialization import loads

from tests.integration.brokers.record import Message

GREETING = b"AMQP\x00\x00\x09\x01"
METHOD, HEADER, BODY = 1, 2, 3
FRAME = struct.Struct(">BHL")

# The arguments of what is listened for, in the letters of the library.
ARGUMENTS = {
    spec.Exchange.Declare: "BssbbbbbF",
    spec.Queue.Declare: "BsbbbbbF",
    spec.Queue.Bind: "BsssbF",
    spec.Basic.Qos: "lBb",
    spec.Basic.Consume: "BssbbbbF",
    spec.Basic.Publish: "Bssbb",
    spec.Basic.Deliver: "sLbss",
    spec.Basic.Get: "Bsb",
    spec.Basic.Ack: "Lb",
    spec.Basic.Nack: "Lbb",
    spec.Basic.Reject: "Lb",
}


class Frames:
    """Frames, put together from pieces: (kind, channel, payload)."""

    def __init__(self):
        self._buffer = b""

    def feed(self, piece):
        self._buffer = (self._buffer + piece).removeprefix(GREETING)
        while len(self._buffer) >= FRAME.size:
            kind, channel, size = FRAME.unpack_from(self._buffer)
            end = FRAME.size + size
            if len(self._buffer) <= end:
                return
            yield kind, channel, self._buffer[FRAME.size : end]
            # Behind each frame there is one byte to see that nothing went astray.
            assert self._buffer[end] == 0xCE
            self._buffer = self._buffer[end + 1 :]


class Declarations:
    """What clients asked RabbitMQ for: ``queues`` with their arguments, ``consumers`` of queues (whether messages count
    as done when they are sent), and how many unanswered messages each consumer is given (``prefetch``)."""

    def __init__(self):
        self.queues, self.without_acknowledgement, self.prefetch = {}, {}, {}


class AmqpListener:
    _numbers = count()

    def __init__(self, record, declarations):
        self._record, self._declarations = record, declarations
        self._connection = next(self._numbers)
        self._requests, self._answers = Frames(), Frames()
        # By channel: what is being published, with the pieces of it; how many messages; what is not answered.
        self._publishing, self._quality, self._open = {}, {}, {}

    def asked(self, piece):
        for kind, channel, payload in self._requests.feed(piece):
            if kind == METHOD:
                self._request(channel, *_method(payload))
            elif kind in {HEADER, BODY} and channel in self._publishing:
                self._publishing[channel].append(payload)
                self._published(channel)

    def answered(self, piece):
        for kind, channel, payload in self._answers.feed(piece):
            if kind == METHOD:
                method, arguments = _method(payload)
                if method == spec.Basic.Deliver:
                    self._open.setdefault(channel, []).append(arguments[1])
                    self._record.delivered(arguments[4], self._tag(channel, arguments[1]))

    def _request(self, channel, method, arguments):
        if method == spec.Exchange.Declare:
            self._record.named(arguments[1])
        elif method == spec.Queue.Declare:
            self._record.named(arguments[1])
            self._declarations.queues[arguments[1]] = arguments[-1]
        elif method == spec.Queue.Bind:
            self._record.named(arguments[1], arguments[2])
        elif method == spec.Basic.Qos:
            self._quality[channel] = tuple(arguments[1:])
        elif method == spec.Basic.Consume:
            self._record.named(arguments[1])
            self._declarations.without_acknowledgement[arguments[1]] = arguments[4]
            self._declarations.prefetch[arguments[1]] = self._quality.get(channel)
        elif method == spec.Basic.Publish:
            self._record.named(*filter(None, arguments[1:3]))
            self._publishing[channel] = [arguments[2]]
        elif method == spec.Basic.Ack:
            number, multiple = arguments
            self._answer(self._record.acknowledge, channel, number, multiple=multiple)
        elif method == spec.Basic.Reject:
            number, back_to_its_queue = arguments
            assert back_to_its_queue, "a message is thrown away"
            self._answer(self._record.give_back, channel, number)
        elif method is not None:
            raise AssertionError(f"a request that is not listened for: {method}")

    def _published(self, channel):
        queue, header, *bodies = self._publishing[channel]
        body = b"".join(bodies)
        if len(body) < struct.unpack_from(">Q", header, 4)[0]:
            return
        del self._publishing[channel]
        content = Content()
        content._load_properties(spec.Basic.CLASS_ID, header, 12)
        properties = dict(content.properties)
        headers = properties.pop("application_headers", {})
        self._record.published(Message(queue, properties["content_type"], headers, properties, json.loads(body)))

    def _answer(self, what, channel, number, *, multiple=False):
        answered = [one for one in self._open[channel] if one == number or (multiple and one <= number)]
        for one in answered:
            self._open[channel].remove(one)
            what(self._tag(channel, one))

    def _tag(self, channel, number):
        return self._connection, channel, number


def _method(payload):
    """A method and its arguments; None where nobody listens for it."""
    method = struct.unpack_from(">HH", payload)
    if method not in ARGUMENTS:
        return None, []
    return method, loads(ARGUMENTS[method], payload, 4)[0]

"""Redis as kombu speaks to it: a queue is a list, and what a worker holds is noted in a hash until it is done."""

import base64
import json
import re
from collections import deque

from tests.integration.brokers.record import Message

# What is said to the server itself, and scripts, whose keys come after their number.
OF_NO_KEY = frozenset(
    {"HELLO", "AUTH", "CLIENT", "SELECT", "INFO", "PING", "MULTI", "EXEC", "DISCARD", "UNWATCH", "SCRIPT"}
)
SCRIPTS = frozenset({"EVAL", "EVALSHA"})
# The end of the hash's name.
UNACKNOWLEDGED = "notify-unacked"
# Before the name of an exchange: what is bound to it.
BINDINGS = re.compile(r"^_kombu\.binding(_permanent)?\.")
# Between a queue's name and a priority.
SEPARATOR = "\x06\x16"


class Incomplete(Exception):
    """The rest is still on its way."""


class Resp:
    """Values of Redis's protocol, put together from pieces."""

    def __init__(self):
        self._buffer, self._at = b"", 0

    def feed(self, piece):
        """The values that are complete now: lists, bytes, or None."""
        self._buffer += piece
        while self._buffer:
            self._at = 0
            try:
                value = self._value()
            except Incomplete:
                return
            self._buffer = self._buffer[self._at :]
            yield value

    def _value(self):
        line = self._line()
        kind, rest = line[:1], line[1:]
        if kind in b"$=!":
            return None if rest == b"-1" else self._bytes(int(rest))
        if kind in b"*~>":
            return None if rest == b"-1" else [self._value() for _ in range(int(rest))]
        if kind in b"%|":
            return [self._value() for _ in range(2 * int(rest))]
        assert kind in b"+-:_,#(", line
        return rest

    def _line(self):
        end = self._buffer.find(b"\r\n", self._at)
        if end < 0:
            raise Incomplete
        line, self._at = self._buffer[self._at : end], end + 2
        return line

    def _bytes(self, length):
        start, self._at = self._at, self._at + length + 2
        if self._at > len(self._buffer):
            raise Incomplete
        return self._buffer[start : start + length]


class RedisListener:
    """A connection. Each command has one answer, in the same order."""

    def __init__(self, record):
        self._record = record
        self._commands, self._replies = Resp(), Resp()
        # What to do with the answers to come; the transaction that is being written.
        self._awaited, self._transaction = deque(), []

    def asked(self, piece):
        for name, *arguments in self._commands.feed(piece):
            self._command(name.decode().upper(), [argument.decode() for argument in arguments])

    def answered(self, piece):
        for reply in self._replies.feed(piece):
            self._awaited.popleft()(reply)

    def _command(self, name, arguments):
        self._record.named(*_keys(name, arguments))
        if name == "MULTI":
            self._transaction = []
        self._transaction.append((name, arguments))
        if name in {"LPUSH", "RPUSH"} and not _redelivered(envelope := _envelope(arguments[1])):
            self._record.published(_message(arguments[0], envelope))
        self._awaited.append({"BRPOP": self._fetched, "EXEC": self._done(self._transaction)}.get(name, _no_matter))

    def _fetched(self, reply):
        if reply:
            self._record.delivered(reply[0].decode(), _envelope(reply[1])["properties"]["delivery_tag"])

    def _done(self, transaction):
        def act(reply):
            # None: somebody else was at one of its keys, and it is done once more.
            if reply is not None:
                self._answered_for(transaction)

        return act

    def _answered_for(self, transaction):
        """A worker takes a message out of its hands; what it also puts back into the queue, it has not done."""
        envelopes = [_envelope(arguments[1]) for name, arguments in transaction if name in {"LPUSH", "RPUSH"}]
        put_back = [envelope["properties"]["delivery_tag"] for envelope in envelopes if _redelivered(envelope)]
        for name, arguments in transaction:
            if name == "HDEL" and arguments[0].endswith(UNACKNOWLEDGED):
                tag = arguments[1]
                (self._record.give_back if tag in put_back else self._record.acknowledge)(tag)


def _no_matter(_reply):
    """An answer of which nothing follows."""


def _keys(name, arguments):
    """Without kombu's own words before and behind the name."""
    if name in OF_NO_KEY:
        return []
    if name in SCRIPTS:
        keys = arguments[2 : 2 + int(arguments[1])]
    else:
        keys = arguments[:-1] if name == "BRPOP" else arguments[:1]
    return [BINDINGS.sub("", key).partition(SEPARATOR)[0] for key in keys]


def _envelope(payload):
    """What kombu puts around a message."""
    return json.loads(payload)


def _redelivered(envelope):
    return envelope["headers"].get("redelivered", False)


def _message(queue, envelope):
    body = json.loads(base64.b64decode(envelope["body"]))
    return Message(queue, envelope["content-type"], envelope["headers"], envelope["properties"], body)

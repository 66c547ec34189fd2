"""What is said on the wire comes in pieces of any size."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from tests.integration.brokers.amqp_wire import Frames
from tests.integration.brokers.redis_wire import Resp

words = st.binary(max_size=20)
values = st.recursive(st.none() | words, lambda inner: st.lists(inner, max_size=4), max_leaves=10)
frames = st.tuples(st.sampled_from((1, 2, 3, 8)), st.integers(0, 0xFFFF), words)


def resp(value):
    if value is None:
        return b"$-1\r\n"
    if isinstance(value, bytes):
        return b"$%d\r\n%s\r\n" % (len(value), value)
    return b"*%d\r\n" % len(value) + b"".join(map(resp, value))


def frame(kind, channel, payload):
    return struct.pack(">BHL", kind, channel, len(payload)) + payload + b"\xce"


def heard(parser, said, sizes):
    """What it makes of pieces of these sizes, in turn."""
    found, at = [], 0
    while at < len(said):
        size = sizes[len(found) % len(sizes)]
        found += parser.feed(said[at : at + size])
        at += size
    return found


@given(st.lists(values), st.lists(st.integers(1, 30), min_size=1))
def test_values_of_redis_are_put_together(sent, sizes):
    assert heard(Resp(), b"".join(map(resp, sent)), sizes) == sent


@given(st.lists(frames), st.lists(st.integers(1, 30), min_size=1))
def test_frames_of_rabbitmq_are_put_together_behind_the_greeting(sent, sizes):
    said = b"AMQP\x00\x00\x09\x01" + b"".join(frame(*one) for one in sent)
    assert heard(Frames(), said, sizes) == sent

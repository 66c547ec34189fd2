"""What every broker does with messages."""

from collections.abc import Callable, Sequence
from typing import ClassVar
from uuid import UUID

import pytest

from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import BROADCASTS, PERIODIC, SEND_SMS, Queue
from notify_core.ports.task_queue import Publication, TaskQueue

# Waits as long as it must, and returns what then lies in one queue, in its order.
Received = Callable[[Queue, int], Sequence[Publication]]


def publication(number: int, queue: Queue = SEND_SMS, fair: str | None = None) -> Publication:
    return Publication(LedgerEntryId(UUID(int=number)), "deliver_sms", queue, fair)


class TaskQueueContract:
    """Supply ``queue`` and ``received(queue, count)``, which takes up to ``count`` messages out."""

    # Whether the message that comes out still says whose work it is; a worker does not need to know.
    carries_fair: ClassVar[bool] = True

    @pytest.fixture
    def queue(self) -> TaskQueue:
        raise NotImplementedError

    @pytest.fixture
    def received(self, queue: TaskQueue) -> Received:
        raise NotImplementedError

    def test_a_message_arrives_as_it_was_sent(self, queue: TaskQueue, received: Received) -> None:
        sent = publication(1, fair="somebody" if self.carries_fair else None)
        queue.publish([sent])
        assert list(received(SEND_SMS, 1)) == [sent]

    def test_order_is_kept_within_a_queue(self, queue: TaskQueue, received: Received) -> None:
        sent = [publication(number) for number in range(1, 21)]
        queue.publish(sent[:10])
        queue.publish(sent[10:])
        assert list(received(SEND_SMS, 20)) == sent

    def test_each_queue_gets_its_own(self, queue: TaskQueue, received: Received) -> None:
        sent = [publication(1, SEND_SMS), publication(2, BROADCASTS), publication(3, PERIODIC)]
        queue.publish(sent)
        for message in sent:
            assert list(received(message.queue, 1)) == [message]

    def test_publishing_nothing_is_nothing(self, queue: TaskQueue, received: Received) -> None:
        queue.publish([])
        queue.publish([publication(1)])
        assert list(received(SEND_SMS, 1)) == [publication(1)]

    def test_the_same_message_may_be_published_again(self, queue: TaskQueue, received: Received) -> None:
        queue.publish([publication(1)])
        queue.publish([publication(1)])
        assert set(received(SEND_SMS, 2)) == {publication(1)}

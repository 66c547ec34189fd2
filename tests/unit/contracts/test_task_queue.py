import pytest

from notify_core.kernel.errors import TransientError
from notify_core.kernel.queues import SEND_SMS
from notify_core.testing.contracts.task_queue import TaskQueueContract, publication
from notify_core.testing.fakes.task_queue import MemoryTaskQueue


class TestMemoryTaskQueue(TaskQueueContract):
    @pytest.fixture
    def queue(self):
        return MemoryTaskQueue()

    @pytest.fixture
    def received(self, queue):
        return lambda name, count: [message for _ in range(count) if (message := queue.take(name))]


class TestScripting:
    def test_it_refuses_as_often_as_told_having_taken_a_part(self):
        queue = MemoryTaskQueue()
        queue.fail(after=1)
        with pytest.raises(TransientError):
            queue.publish([publication(1), publication(2)])
        queue.publish([publication(2)])
        assert list(queue.waiting) == [publication(1), publication(2)]

    def test_it_repeats_reorders_and_loses(self):
        queue = MemoryTaskQueue()
        queue.publish([publication(1), publication(2)])
        queue.repeat()
        queue.reverse()
        assert [queue.take() for _ in range(5)] == [*map(publication, (2, 1, 2, 1)), None]
        queue.publish([publication(3)])
        queue.lose()
        assert queue.take(SEND_SMS) is None

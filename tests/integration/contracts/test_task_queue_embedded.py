from threading import Thread

import pytest

from notify_adapters.task_queue.embedded import EmbeddedQueue, build
from notify_core.kernel import queues
from notify_core.testing.contracts.task_queue import TaskQueueContract, publication


class TestEmbeddedQueue(TaskQueueContract):
    @pytest.fixture
    def queue(self):
        return build({})

    @pytest.fixture
    def received(self, queue):
        group = {queues.SEND_SMS: "deliveries", queues.BROADCASTS: "broadcasts"}
        return lambda name, count: [
            message for _ in range(count) if (message := queue.take(group.get(name, "rest"), timeout=0))
        ]


def test_every_queue_has_a_group():
    queue = EmbeddedQueue()
    queue.publish([publication(number, name) for number, name in enumerate(queues.ALL_QUEUES)])
    taken = [
        queue.take(group, 0)
        for group in ("broadcasts", "deliveries", "callbacks", "callback-retries", "rest")
        for _ in range(30)
    ]
    assert {message.queue for message in taken if message} == set(queues.ALL_QUEUES)


def test_priority_goes_before_the_rest_of_its_group():
    queue = EmbeddedQueue()
    queue.publish([publication(1), publication(2, queues.PRIORITY), publication(3), publication(4, queues.PRIORITY)])
    order = [queue.take("deliveries", 0).entry_id.int for _ in range(4)]
    assert order == [2, 4, 1, 3]


def test_a_waiting_thread_gets_the_message_at_once():
    queue, got = EmbeddedQueue(), []
    thread = Thread(target=lambda: got.append(queue.take("deliveries", timeout=30)))
    thread.start()
    queue.publish([publication(1)])
    thread.join(timeout=5)
    assert got == [publication(1)]


def test_waiting_threads_can_be_sent_home():
    queue = EmbeddedQueue()
    thread = Thread(target=lambda: queue.take("deliveries", timeout=30))
    thread.start()
    while thread.is_alive():
        queue.wake_all()
        thread.join(timeout=0.01)


def test_what_nobody_took_can_be_taken_back():
    queue = EmbeddedQueue()
    sent = [publication(1, queues.PRIORITY), publication(2), publication(3, queues.BROADCASTS)]
    queue.publish(sent)
    assert set(queue.drain()) == set(sent)
    assert queue.take("deliveries", 0) is None


def test_an_unknown_group_is_a_mistake():
    with pytest.raises(KeyError):
        EmbeddedQueue().take("nobody", 0)

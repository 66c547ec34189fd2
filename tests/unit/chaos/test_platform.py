from collections import Counter

from chaos.platform import GROUPS, WORKERS, workers_of
from notify_core.kernel.queues import ALL_QUEUES, INTERNAL, SEND_SMS, SMS_CALLBACKS


def test_every_queue_has_one_group_of_workers():
    assert Counter(queue for _, queues in GROUPS.values() for queue in queues) == Counter(ALL_QUEUES)


def test_who_serves_a_queue():
    assert workers_of(SEND_SMS) == {"worker-deliveries"}
    assert workers_of(SMS_CALLBACKS, INTERNAL) == {"worker-receipts"} <= set(WORKERS)

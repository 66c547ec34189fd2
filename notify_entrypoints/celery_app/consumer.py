"""What a worker says to its broker."""

from collections.abc import Mapping
from typing import Any

from celery.worker.consumer import Consumer

# Celery's workers tell each other how they are, and ask what they have missed. Nobody of ours listens.
SILENT: Mapping[str, bool] = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True}
# Makes 28 queues and as many exchanges on RabbitMQ, for messages with a time. We send none.
DELAYED_DELIVERY = "celery.worker.consumer.delayed_delivery:DelayedDelivery"
STEPS = tuple(step for step in Consumer.Blueprint.default_steps if step != DELAYED_DELIVERY)


class QuietConsumer(Consumer):
    """Takes messages from its queues and answers for them, and that is all: whatever Celery would make or name
    besides is without the deployment's prefix, and so shared with every other one on the same broker."""

    Blueprint = type("Blueprint", (Consumer.Blueprint,), {"default_steps": STEPS})

    def __init__(self, *given: Any, **options: Any) -> None:
        options["worker_options"] = {**(options.get("worker_options") or {}), **SILENT}
        super().__init__(*given, **options)

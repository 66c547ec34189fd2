"""From rows to messages on their way, a batch at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from notify_core.jobs.model import RowError
from notify_core.jobs.policies.messages import Setting, message_of
from notify_core.jobs.ports import JobsWork
from notify_core.jobs.use_cases.upload import Upload
from notify_core.kernel.tasks import Task
from notify_core.notifications.model import Channel, Notification
from notify_core.notifications.tasks import DeliverEmail, DeliverSms
from notify_core.notifications.use_cases.accept.door import is_known, queue_for
from notify_core.ports.unit_of_work import UnitOfWorkFactory

Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Batch:
    messages: list[Notification] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def make_batch(open_work: UnitOfWorkFactory[JobsWork], upload: Upload, rows: Rows, now: datetime) -> Batch:
    """What these rows become; nothing is written."""
    batch, job = Batch(), upload.job
    with open_work(read_only=True) as work:
        setting = Setting(
            job=job,
            service=upload.service,
            template=upload.template,
            columns=upload.columns,
            rates=work.sms_rates.all(),
            is_known=lambda recipient: is_known(work, job.service_id, recipient),
            now=now,
        )
        for row, cells in rows:
            made = message_of(setting, row, cells)
            if isinstance(made, Notification):
                batch.messages.append(made)
            else:
                batch.errors.extend(made)
    return batch


def write_batch(work: JobsWork, upload: Upload, batch: Batch) -> int:
    """Messages that are not there yet, each with its delivery; returns how many. What others wrote before is left
    alone: it may have been sent long ago."""
    kind: type[DeliverSms | DeliverEmail] = DeliverSms if upload.job.channel is Channel.SMS else DeliverEmail
    fair = str(upload.job.service_id)
    new = work.notifications.add_new(batch.messages)
    for one in batch.messages:
        if one.id in new:
            task: Task = kind(one.id)
            work.enqueue(task, queue=queue_for(one, upload.template), fair=fair)
    work.jobs.add_errors(upload.job.id, batch.errors)
    return len(new)

"""From rows to messages on their way, a batch at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from notify_core.jobs.model import RowError
from notify_core.jobs.policies.letters import letter_of
from notify_core.jobs.policies.messages import Setting, message_of
from notify_core.jobs.ports import JobsWork
from notify_core.jobs.use_cases.upload import Upload
from notify_core.letters.model import Letter
from notify_core.letters.tasks.rendering import MakeLetterPdf
from notify_core.notifications.model import Channel, Notification
from notify_core.notifications.tasks import DeliverEmail, DeliverSms
from notify_core.notifications.use_cases.accept.door import is_known, queue_for
from notify_core.ports.unit_of_work import UnitOfWorkFactory

Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Batch:
    messages: list[Notification] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
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
        make = letter_of if job.channel is Channel.LETTER else message_of
        for row, cells in rows:
            made = make(setting, row, cells)
            if isinstance(made, Notification):
                batch.messages.append(made)
            elif isinstance(made, Letter):
                batch.letters.append(made)
            else:
                batch.errors.extend(made)
    return batch


def write_batch(work: JobsWork, upload: Upload, batch: Batch) -> None:
    """Messages that are not there yet, each with its first task. What others wrote before is left alone: it may have
    been sent long ago."""
    kind = DeliverSms if upload.job.channel is Channel.SMS else DeliverEmail
    fair = str(upload.job.service_id)
    new = {*work.notifications.add_new(batch.messages), *work.letters.add_new(batch.letters)}
    for message in batch.messages:
        if message.id in new:
            work.enqueue(kind(message.id), queue=queue_for(message, upload.template), fair=fair)
    for letter in batch.letters:
        if letter.id in new:
            work.enqueue(MakeLetterPdf(letter.id), fair=fair)
    work.jobs.add_errors(upload.job.id, batch.errors)

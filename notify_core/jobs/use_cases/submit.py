"""Taking an upload."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from notify_core.jobs.model import Job
from notify_core.jobs.policies.columns import columns_of
from notify_core.jobs.policies.scheduling import FURTHEST_SCHEDULE
from notify_core.jobs.policies.table import count_rows, read_table
from notify_core.jobs.ports import JobsWork, RecipientFiles
from notify_core.jobs.states import JobStatus
from notify_core.jobs.tasks import ProcessJob
from notify_core.kernel.errors import InvalidValue, NotAllowed, NotFound
from notify_core.kernel.ids import JobId, ReplyToId, ServiceId, SmsSenderId, TemplateId, UserId
from notify_core.kernel.texts import storable
from notify_core.notifications.model import Channel
from notify_core.notifications.policies import SendingRules, check_permission, check_schedule
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.templates.model import Template, TemplateType
from notify_core.templates.use_cases import template_for_sending

LONGEST_FILE_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class JobRequest:
    """``content`` is the file as it was uploaded. ``sender_id`` is an SMS sender's or a reply-to address's."""

    service_id: ServiceId
    template_id: TemplateId
    original_file_name: str
    content: bytes
    created_by: UserId | None = None
    scheduled_for: datetime | None = None
    sender_id: UUID | None = None


@dataclass(frozen=True)
class SubmitJob:
    """Keep the file and the job, which begins at once or at its time. What is wrong with single rows shows when they
    are worked on.

    :raises NotFound: no such service.
    :raises InvalidValue: the file is no table, lacks a column, or has no rows or too many; a value is not what it
        should be.
    :raises NotAllowed: a rule is against it.
    """

    work: UnitOfWorkFactory[JobsWork]
    clock: Clock
    random: RandomSource
    recipient_files: RecipientFiles
    sending_rules: SendingRules

    def __call__(self, request: JobRequest) -> Job:
        now = self.clock.now()
        check_schedule(request.scheduled_for, now, FURTHEST_SCHEDULE, "7 days")
        name = _file_name(request.original_file_name)
        with self.work(read_only=True) as work:
            template = _template(work, request)
            channel = Channel(template.type.value)
            sender = self._sender(work, request, channel)
        table = read_table(request.content)
        columns_of(table.headings, template, channel)
        job = Job(
            id=JobId(self.random.uuid()),
            service_id=request.service_id,
            template_id=template.id,
            template_version=template.version,
            channel=channel,
            original_file_name=name,
            notification_count=count_rows(table),
            created_at=now,
            progressed_at=now,
            status=JobStatus.SCHEDULED if request.scheduled_for else JobStatus.PENDING,
            created_by=request.created_by,
            sender=sender,
            scheduled_for=request.scheduled_for,
        )
        self._keep(job, request.content)
        return job

    def _keep(self, job: Job, content: bytes) -> None:
        """The file first: a job that is there has one."""
        self.recipient_files.put(job.service_id, job.id, content, {"template-id": str(job.template_id)})
        try:
            with self.work() as work:
                work.jobs.add(job)
                if job.status is JobStatus.PENDING:
                    work.enqueue(ProcessJob(job.id), fair=str(job.service_id))
                work.commit()
        except BaseException:
            self.recipient_files.delete(job.service_id, [job.id])
            raise

    def _sender(self, work: JobsWork, request: JobRequest, channel: Channel) -> str | None:
        """What phones show, or where answers to emails go; settled now, so that what is scheduled goes out as
        people saw it."""
        service_id, wanted = request.service_id, request.sender_id
        try:
            match channel:
                case Channel.SMS if wanted:
                    return work.senders.sms_sender(service_id, SmsSenderId(wanted)).sms_sender
                case Channel.SMS:
                    default = work.senders.default_sms_sender(service_id)
                    return default.sms_sender if default else self.sending_rules.default_sms_sender
                case Channel.EMAIL if wanted:
                    return work.senders.reply_to(service_id, ReplyToId(wanted)).email_address
                case Channel.EMAIL:
                    reply_to = work.senders.default_reply_to(service_id)
                    return reply_to.email_address if reply_to else None
        except NotFound:
            raise NotAllowed(f"sender_id {wanted} does not exist in database for service id {service_id}") from None
        return None


def _template(work: JobsWork, request: JobRequest) -> Template:
    service = work.services.get(request.service_id)
    if not service.active:
        raise NotAllowed("The service is not active")
    try:
        kind = work.templates.get(service.id, request.template_id).type
    except NotFound:
        raise NotAllowed("Template not found") from None
    if kind is TemplateType.BROADCAST:
        raise NotAllowed(f"{kind} template is not suitable for a job")
    check_permission(service, Channel(kind.value))
    if kind is TemplateType.LETTER and service.restricted:
        raise NotAllowed("Cannot send letters when service is in trial mode")
    return template_for_sending(work, service.id, request.template_id, kind)


def _file_name(given: str) -> str:
    name = storable(given).strip()
    if not name:
        raise InvalidValue("original_file_name is empty")
    if len(name) > LONGEST_FILE_NAME:
        raise InvalidValue(f"original_file_name is longer than {LONGEST_FILE_NAME} characters")
    return name

"""Finding a job, and opening it with its file for work on its rows."""

from dataclasses import dataclass

from notify_core.accounts.model import Service
from notify_core.jobs.model import Job
from notify_core.jobs.policies.columns import Columns, columns_of
from notify_core.jobs.policies.table import Table, read_table
from notify_core.jobs.ports import JobsWork, RecipientFiles
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import JobId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.templates.model import Template


@dataclass(frozen=True, slots=True)
class Upload:
    job: Job
    service: Service
    template: Template
    table: Table
    columns: Columns


def open_upload(open_work: UnitOfWorkFactory[JobsWork], files: RecipientFiles, job: Job) -> Upload:
    """:raises RecipientFileNotFound: its file is gone.
    :raises InvalidValue: its file is no table, or lacks a column.
    """
    with open_work(read_only=True) as work:
        service = work.services.get(job.service_id)
        template = work.templates.get(job.service_id, job.template_id, job.template_version)
    table = read_table(files.get(job.service_id, job.id))
    return Upload(job, service, template, table, columns_of(table.headings, template, job.channel))


def find_job(work: JobsWork, job_id: JobId) -> Job | None:
    try:
        return work.jobs.get(job_id)
    except NotFound:
        return None

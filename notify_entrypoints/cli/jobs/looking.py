"""What became of jobs, and stopping one that has not begun."""

import sys
from typing import Annotated, Any
from uuid import UUID

import typer

from notify_core.jobs.model import Job
from notify_core.jobs.use_cases import JobView
from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import JobId, ServiceId
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json, print_rows

TheJob = Annotated[UUID, typer.Argument(metavar="JOB", help="The job's id (see `notify jobs list`).")]


def list_(
    service: Annotated[UUID, typer.Argument(metavar="SERVICE", help="The service's id.")],
    older_than: Annotated[UUID | None, typer.Option(help="Begin behind this job.")] = None,
    *,
    json: AsJson = False,
) -> None:
    """List a service's jobs, newest first, 50 at a time."""
    found = container().list_jobs()(ServiceId(service), None if older_than is None else JobId(older_than))
    print_rows([job_row(job) for job in found], as_json=json, empty="The service has no jobs.")


def show(job_id: TheJob, *, json: AsJson = False) -> None:
    """Show how far a job is and what is wrong with it."""
    view = container().get_job()(None, JobId(job_id))
    if json:
        print_json(job_document(view))
    else:
        tell(view)


def results(
    job_id: TheJob,
    *,
    errors: Annotated[bool, typer.Option("--errors", help="Only what is wrong with rows.")] = False,
) -> None:
    """Print what became of each row, for a spreadsheet.

    For example: notify jobs results JOB > results.csv
    """
    platform = container()
    write = platform.write_job_errors() if errors else platform.write_job_results()
    for piece in write(None, JobId(job_id)):
        sys.stdout.buffer.write(piece.encode())
    sys.stdout.buffer.flush()


def cancel(job_id: TheJob) -> None:
    """Cancel a scheduled job: nothing of it will be sent."""
    job = container().cancel_job()(None, JobId(job_id))
    typer.echo(f"{job.original_file_name} ({job.id}) is cancelled.")


def tell(view: JobView) -> None:
    """A job for people."""
    job = view.job
    typer.echo(f"{job.original_file_name}: {job.status}, {job.notification_count:,} rows ({job.channel})")
    if job.reason:
        typer.echo(job.reason)
    for status, number in view.statistics.items():
        typer.echo(f"  {number:>7,} {status}")
    if view.errors:
        wrong = [{"row": one.row + 1, "column": one.column, "what is wrong": one.message} for one in view.errors]
        typer.echo("")
        print_rows(wrong, as_json=False, empty="")


def job_row(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "job_status": job.status.value,
        "notification_count": job.notification_count,
        "original_file_name": job.original_file_name,
        "template": job.template_id,
        "template_version": job.template_version,
        "created_at": format_datetime(job.created_at),
        "scheduled_for": format_datetime(job.scheduled_for),
        "processing_started": format_datetime(job.processing_started),
        "processing_finished": format_datetime(job.processing_finished),
    }


def job_document(view: JobView) -> dict[str, Any]:
    return {
        **job_row(view.job),
        "statistics": [{"status": status, "count": number} for status, number in view.statistics.items()],
        "errors": [{"row": one.row + 1, "column": one.column, "message": one.message} for one in view.errors],
    }

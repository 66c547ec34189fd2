"""Sending a file, and watching it go."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from notify_core.jobs.states import FINAL, JobStatus
from notify_core.jobs.use_cases import JobRequest, JobView
from notify_core.kernel.calendar import parse_datetime
from notify_core.kernel.errors import InvalidValue
from notify_core.kernel.ids import JobId, ServiceId, TemplateId
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.jobs.looking import job_document, tell
from notify_entrypoints.cli.output import AsJson, print_json

_LOOK_EVERY = 0.3
_AT_REST = FINAL | {JobStatus.ERROR}
_WAITING = "created"


def submit(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file: headings, then a row for each message.")],
    service: Annotated[UUID, typer.Option(help="Whose job it is.")],
    template: Annotated[UUID, typer.Option(help="What is sent: a template of text messages, emails or letters.")],
    scheduled_for: Annotated[str | None, typer.Option(help="When it begins (2026-01-05T12:00:00Z).")] = None,
    sender: Annotated[UUID | None, typer.Option(help="An SMS sender or reply-to address; else the default.")] = None,
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Wait until every message has been sent.")] = False,
    json: AsJson = False,
) -> None:
    """Send a message to each row of a file.

    The file may have any usual encoding and separator. What is wrong with a row is noted and stops no other.
    With --watch the command ends with status 1 where the job does not get finished.
    """
    platform = container()
    job = platform.submit_job()(
        JobRequest(
            service_id=ServiceId(service),
            template_id=TemplateId(template),
            original_file_name=file.name,
            content=_read(file),
            scheduled_for=None if scheduled_for is None else parse_datetime(scheduled_for),
            sender_id=sender,
        )
    )
    look = platform.get_job()
    view = _watched(look, job.id, quiet=json) if watch else look(None, job.id)
    if json:
        print_json(job_document(view))
    else:
        tell(view)
        typer.echo(f"The job's id is {job.id}.")
    if watch and view.job.status is not JobStatus.FINISHED:
        raise typer.Exit(1)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidValue(f"{file} cannot be read: {error.strerror}") from error


def _watched(look: Callable[[None, JobId], JobView], job_id: JobId, *, quiet: bool) -> JobView:
    """The job when it is at rest and nothing of it waits any more. The bar is on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        rows, sent = progress.add_task("rows", total=None), progress.add_task("sent", total=None)
        while True:
            view = look(None, job_id)
            done, out = _how_far(view)
            progress.update(rows, completed=done, total=view.job.notification_count)
            progress.update(sent, completed=out, total=max(sum(view.statistics.values()), 1))
            if view.job.status in _AT_REST and not view.statistics.get(_WAITING):
                return view
            time.sleep(_LOOK_EVERY)


def _how_far(view: JobView) -> tuple[int, int]:
    """How many rows have been done, and how many messages handed over."""
    job = view.job
    # Blank rows are among those done.
    done = job.notification_count if job.status is JobStatus.FINISHED else min(job.next_row, job.notification_count)
    return done, sum(number for status, number in view.statistics.items() if status != _WAITING)

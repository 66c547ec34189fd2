"""Jobs, for the admin application."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, request

from notify_core.jobs.model import Job
from notify_core.jobs.use_cases import JobRequest
from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import JobId, ServiceId, TemplateId, UserId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.internal.bodies import moment
from notify_entrypoints.http.schemas.jobs import JOB, JOB_WITH_NUMBERS, JOBS, LIST_JOBS, SUBMIT_JOB
from notify_entrypoints.http.validation import check, json_body

blueprint = Blueprint("jobs", __name__, url_prefix="/service/<uuid:service_id>/job")

_CSV = "text/csv"


@blueprint.post("")
@authentication(Authentication.ADMIN)
@documented("Send a message to each row of a file", JOB, status=HTTPStatus.CREATED, body=SUBMIT_JOB)
def submit(service_id: UUID) -> Any:
    body = json_body(SUBMIT_JOB)
    sender = body.get("sender_id")
    wanted = JobRequest(
        service_id=ServiceId(service_id),
        template_id=TemplateId(UUID(body["template_id"])),
        original_file_name=body["original_file_name"],
        # Halves of characters, which JSON can name, become question marks.
        content=body["csv"].encode(errors="replace"),
        created_by=UserId(UUID(body["created_by"])),
        scheduled_for=moment(body, "scheduled_for"),
        sender_id=None if sender is None else UUID(sender),
    )
    return _shown(container_of(current_app).submit_job()(wanted)), HTTPStatus.CREATED


@blueprint.get("")
@authentication(Authentication.ADMIN)
@documented("The jobs of a service, the newest first", JOBS, query=LIST_JOBS)
def list_jobs(service_id: UUID) -> Any:
    older_than = check(request.args.to_dict(), LIST_JOBS).get("older_than")
    container = container_of(current_app)
    found = container.list_jobs()(ServiceId(service_id), None if older_than is None else JobId(UUID(older_than)))
    address = f"{container.settings().api_base_url}/service/{service_id}/job"
    links = {"current": address if older_than is None else f"{address}?older_than={older_than}"}
    if found:
        links["next"] = f"{address}?older_than={found[-1].id}"
    return {"jobs": [_shown(job) for job in found], "links": links}


@blueprint.get("/<uuid:job_id>")
@authentication(Authentication.ADMIN)
@documented("A job, how many of its messages are in which status, and what is wrong with its rows", JOB_WITH_NUMBERS)
def get(service_id: UUID, job_id: UUID) -> Any:
    view = container_of(current_app).get_job()(ServiceId(service_id), JobId(job_id))
    return {
        **_shown(view.job),
        "statistics": [{"status": status, "count": count} for status, count in view.statistics.items()],
        "errors": [{"row": one.row + 1, "column": one.column, "message": one.message} for one in view.errors],
    }


@blueprint.get("/<uuid:job_id>/results.csv")
@authentication(Authentication.ADMIN)
@documented("What became of each row, as a file for a spreadsheet", None, answer_type=_CSV)
def results(service_id: UUID, job_id: UUID) -> Any:
    return _file(container_of(current_app).write_job_results(), service_id, job_id, "results.csv")


@blueprint.get("/<uuid:job_id>/errors.csv")
@authentication(Authentication.ADMIN)
@documented("Everything that is wrong with rows, as a file for a spreadsheet", None, answer_type=_CSV)
def errors(service_id: UUID, job_id: UUID) -> Any:
    return _file(container_of(current_app).write_job_errors(), service_id, job_id, "errors.csv")


@blueprint.post("/<uuid:job_id>/cancel")
@authentication(Authentication.ADMIN)
@documented("Cancel a scheduled job", JOB, refuses=[HTTPStatus.BAD_REQUEST])
def cancel(service_id: UUID, job_id: UUID) -> Any:
    return _shown(container_of(current_app).cancel_job()(ServiceId(service_id), JobId(job_id)))


def _file(write: Callable[[ServiceId, JobId], Iterator[str]], service_id: UUID, job_id: UUID, name: str) -> Response:
    pieces = write(ServiceId(service_id), JobId(job_id))
    answer = Response((piece.encode() for piece in pieces), content_type=f"{_CSV}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _shown(job: Job) -> dict[str, Any]:
    return {
        "id": str(job.id),
        "job_status": job.status.value,
        "notification_count": job.notification_count,
        "original_file_name": job.original_file_name,
        "template": str(job.template_id),
        "template_version": job.template_version,
        "created_at": format_datetime(job.created_at),
        "scheduled_for": format_datetime(job.scheduled_for),
        "processing_started": format_datetime(job.processing_started),
        "processing_finished": format_datetime(job.processing_finished),
    }

"""CSV uploads, and what is wrong with their rows."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import uuid5

from notify_core.jobs.states import MACHINE, JobEvent, JobStatus
from notify_core.kernel.ids import JobId, NotificationId, ServiceId, TemplateId, UserId
from notify_core.notifications.model import Channel


@dataclass(frozen=True, slots=True)
class Job:
    """A CSV upload, each row of which becomes a message of this template's version.

    Rows count from 0 beneath the headings, blank ones too: where a spreadsheet shows a row is two more.
    ``notification_count`` is how many rows are not blank, ``next_row`` the first one not done yet. ``sender`` is what
    phones show, or an email's reply-to address. ``progressed_at`` is when something last happened to it. ``reason``
    is for people: why it stopped.
    """

    id: JobId
    service_id: ServiceId
    template_id: TemplateId
    template_version: int
    channel: Channel
    original_file_name: str
    notification_count: int
    created_at: datetime
    progressed_at: datetime
    status: JobStatus = JobStatus.PENDING
    created_by: UserId | None = None
    sender: str | None = None
    next_row: int = 0
    scheduled_for: datetime | None = None
    processing_started: datetime | None = None
    processing_finished: datetime | None = None
    archived_at: datetime | None = None
    reason: str | None = None

    @property
    def begins_at(self) -> datetime:
        """When it was to begin. Its retention counts from then: a list that waited a week has not been kept a week."""
        return self.scheduled_for or self.created_at

    def after(self, event: JobEvent, now: datetime, reason: str | None = None) -> Self:
        """The job after ``event``.

        :raises IllegalTransition: the event cannot happen to it.
        """
        changes: dict[str, Any] = {"status": MACHINE.after(self.status, event), "progressed_at": now, "reason": reason}
        if event is JobEvent.STARTED:
            changes["processing_started"] = now
        if event is JobEvent.FINISHED:
            changes["processing_finished"] = now
        return replace(self, **changes)

    def progressed(self, next_row: int, now: datetime) -> Self:
        """The job when every row before ``next_row`` is done."""
        return replace(self, next_row=next_row, progressed_at=now)

    def notification_id(self, row: int) -> NotificationId:
        """Always the same for a row, so that whoever does it again does nothing."""
        return NotificationId(uuid5(self.id, str(row)))


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row became no message. ``column`` is what the template calls it, never a heading of the file, which may
    tell of people; None: it is wrong with the row as a whole. ``row`` counts from 0."""

    row: int
    column: str | None
    message: str


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row: its message, or why there is none. ``at`` is when it last changed."""

    row: int
    recipient: str | None
    status: str
    at: datetime | None = None

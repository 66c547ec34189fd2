"""Whose messages those of jobs are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from notify_core.jobs.ports import JobsWork
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import JobId, UserId
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class NameAuthors:
    """The names of the people who submitted these jobs. Left out are jobs of which that is not known, and people who
    are not."""

    work: UnitOfWorkFactory[JobsWork]

    def __call__(self, job_ids: Collection[JobId]) -> Mapping[JobId, str]:
        if not job_ids:
            return {}
        with self.work(read_only=True) as work:
            authors = work.jobs.authors(job_ids)
            names = {user_id: _name(work, user_id) for user_id in set(authors.values())}
        return {job_id: name for job_id, user_id in authors.items() if (name := names[user_id]) is not None}


def _name(work: JobsWork, user_id: UserId) -> str | None:
    try:
        return work.users.get(user_id).name
    except NotFound:
        return None

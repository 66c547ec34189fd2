"""Jobs' files in one place, a folder for each service."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from notify_adapters.objects import NoSuchObject, Objects
from notify_core.jobs.ports import RecipientFileNotFound
from notify_core.kernel.ids import JobId, ServiceId


class RecipientFilesOnObjects:
    def __init__(self, place: Objects) -> None:
        self._place = place

    def put(self, service_id: ServiceId, job_id: JobId, content: bytes, metadata: Mapping[str, str]) -> None:
        self._place.put(_key(service_id, job_id), content, metadata)

    def get(self, service_id: ServiceId, job_id: JobId) -> bytes:
        with _missing(service_id, job_id), self._place.open(_key(service_id, job_id)) as pieces:
            return b"".join(pieces)

    def metadata(self, service_id: ServiceId, job_id: JobId) -> Mapping[str, str]:
        with _missing(service_id, job_id):
            return self._place.metadata(_key(service_id, job_id))

    def delete(self, service_id: ServiceId, job_ids: Sequence[JobId]) -> None:
        self._place.delete([_key(service_id, job_id) for job_id in job_ids])


def _key(service_id: ServiceId, job_id: JobId) -> str:
    return f"{service_id}/{job_id}.csv"


@contextmanager
def _missing(service_id: ServiceId, job_id: JobId) -> Iterator[None]:
    try:
        yield
    except NoSuchObject:
        raise RecipientFileNotFound(service_id, job_id) from None

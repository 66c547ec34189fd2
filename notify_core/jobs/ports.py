"""What jobs need from outside."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import JobId, ServiceId


class RecipientFileNotFound(NotFound):
    """The uploaded file of a job is not in the store."""

    def __init__(self, service_id: ServiceId, job_id: JobId) -> None:
        super().__init__(f"no recipients file of job {job_id} of service {service_id}")
        self.service_id = service_id
        self.job_id = job_id


class RecipientFiles(Protocol):
    """The CSV files of jobs, as they were uploaded. They hold personal data, so they are encrypted at
    rest or readable by this account only.

    Metadata are a few short texts kept with a file (2 KB altogether), such as the name it was
    uploaded under; their names are lower-case letters, digits and ``-``.

    Every method raises TransientError when the store is not there now, PermanentError when it is
    there and refuses us.
    """

    def put(self, service_id: ServiceId, job_id: JobId, content: bytes, metadata: Mapping[str, str]) -> None:
        """Store a file; replaces the job's earlier one, its metadata too. Nobody sees half of it."""
        ...

    def get(self, service_id: ServiceId, job_id: JobId) -> bytes:
        """The file, byte for byte.

        :raises RecipientFileNotFound: there is none.
        """
        ...

    def metadata(self, service_id: ServiceId, job_id: JobId) -> Mapping[str, str]:
        """What was stored with the file, without reading it.

        :raises RecipientFileNotFound: there is none.
        """
        ...

    def delete(self, service_id: ServiceId, job_ids: Sequence[JobId]) -> None:
        """Delete the files of these jobs, a request for every 1,000; those that are not there are no error."""
        ...

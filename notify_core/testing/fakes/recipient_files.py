"""Jobs' files in a dictionary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from notify_core.jobs.ports import RecipientFileNotFound
from notify_core.kernel.errors import NotifyError
from notify_core.kernel.ids import JobId, ServiceId


@dataclass
class MemoryRecipientFiles:
    """``files`` are content and metadata by service and job; ``calls`` names every method called."""

    files: dict[tuple[ServiceId, JobId], tuple[bytes, Mapping[str, str]]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    _failures: list[NotifyError] = field(default_factory=list)

    def fail_with(self, *errors: NotifyError) -> None:
        """The next calls meet these errors, one each."""
        self._failures.extend(errors)

    def put(self, service_id: ServiceId, job_id: JobId, content: bytes, metadata: Mapping[str, str]) -> None:
        self._called("put")
        self.files[service_id, job_id] = content, dict(metadata)

    def get(self, service_id: ServiceId, job_id: JobId) -> bytes:
        self._called("get")
        return self._file(service_id, job_id)[0]

    def metadata(self, service_id: ServiceId, job_id: JobId) -> Mapping[str, str]:
        self._called("metadata")
        return dict(self._file(service_id, job_id)[1])

    def delete(self, service_id: ServiceId, job_ids: Sequence[JobId]) -> None:
        self._called("delete")
        for job_id in job_ids:
            self.files.pop((service_id, job_id), None)

    def _file(self, service_id: ServiceId, job_id: JobId) -> tuple[bytes, Mapping[str, str]]:
        try:
            return self.files[service_id, job_id]
        except KeyError:
            raise RecipientFileNotFound(service_id, job_id) from None

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self._failures:
            raise self._failures.pop(0)

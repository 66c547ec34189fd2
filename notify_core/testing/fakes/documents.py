"""Files that go by email, in a dictionary."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from notify_core.documents.model import DocumentPlace
from notify_core.documents.ports import DocumentNotFound
from notify_core.kernel.errors import NotifyError


@dataclass
class MemoryDocumentStore:
    """``files`` are keys and contents by place; ``calls`` names every method called."""

    files: dict[DocumentPlace, tuple[str, bytes]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    _failures: list[NotifyError] = field(default_factory=list)

    def fail_with(self, *errors: NotifyError) -> None:
        """The next calls meet these errors, one each."""
        self._failures.extend(errors)

    def put(self, place: DocumentPlace, content: bytes, *, key: str) -> None:
        self._called("put")
        self.files[place] = key, content

    def get(self, place: DocumentPlace, *, key: str) -> bytes:
        self._called("get")
        kept, content = self.files.get(place, ("", b""))
        if kept != key or not key:
            raise DocumentNotFound(f"no file {place.document_id} of service {place.service_id}")
        return content

    def delete(self, places: Sequence[DocumentPlace]) -> None:
        self._called("delete")
        for place in places:
            self.files.pop(place, None)

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self._failures:
            raise self._failures.pop(0)

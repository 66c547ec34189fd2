"""Files that go by email in one place, a folder for each service."""

from collections.abc import Sequence

from notify_adapters.documents.sealed import CannotOpen, opened, sealed
from notify_adapters.objects import NoSuchObject, Objects
from notify_core.documents.model import DocumentPlace
from notify_core.documents.ports import DocumentNotFound


class DocumentsOnObjects:
    def __init__(self, place: Objects) -> None:
        self._place = place

    def put(self, place: DocumentPlace, content: bytes, *, key: str) -> None:
        name = _name(place)
        self._place.put(name, sealed(content, key, name), {})

    def get(self, place: DocumentPlace, *, key: str) -> bytes:
        name = _name(place)
        try:
            with self._place.open(name) as pieces:
                return opened(b"".join(pieces), key, name)
        except (NoSuchObject, CannotOpen):
            raise DocumentNotFound(f"no file {place.document_id} of service {place.service_id}") from None

    def delete(self, places: Sequence[DocumentPlace]) -> None:
        self._place.delete([_name(place) for place in places])


def _name(place: DocumentPlace) -> str:
    return f"{place.service_id}/{place.document_id}"

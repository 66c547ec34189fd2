"""Files that go by email, encrypted in a folder of this machine."""

from collections.abc import Mapping
from pathlib import Path

from notify_adapters.documents.on_objects import DocumentsOnObjects
from notify_adapters.objects.folder import FolderObjects
from notify_adapters.options import known, required
from notify_core.documents.ports import DocumentStore

OPTIONS: Mapping[str, str] = {"path": "the folder (default: documents in the data directory)"}


def build(options: Mapping[str, str]) -> DocumentStore:
    known(options, *OPTIONS)
    root = Path(options.get("path") or Path(required(options, "data_dir")) / "documents")
    return DocumentsOnObjects(FolderObjects(root))

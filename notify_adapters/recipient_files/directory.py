"""Jobs' files in a folder of this machine."""

from collections.abc import Mapping
from pathlib import Path

from notify_adapters.objects.folder import FolderObjects
from notify_adapters.options import known, required
from notify_adapters.recipient_files.on_objects import RecipientFilesOnObjects
from notify_core.jobs.ports import RecipientFiles

OPTIONS: Mapping[str, str] = {"path": "the folder (default: recipient-files in the data directory)"}


def build(options: Mapping[str, str]) -> RecipientFiles:
    known(options, *OPTIONS)
    root = Path(options.get("path") or Path(required(options, "data_dir")) / "recipient-files")
    return RecipientFilesOnObjects(FolderObjects(root))

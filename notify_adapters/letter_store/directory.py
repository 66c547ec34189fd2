"""Letters in folders of this machine: a folder for each bucket."""

from collections.abc import Mapping
from pathlib import Path

from notify_adapters.letter_store.on_objects import LetterStoreOnObjects
from notify_adapters.objects.folder import FolderObjects
from notify_adapters.options import known, required
from notify_core.letters.model import Bucket
from notify_core.letters.ports import LetterStore

OPTIONS: Mapping[str, str] = {"path": "the folder (default: letters in the data directory)"}


def build(options: Mapping[str, str]) -> LetterStore:
    known(options, *OPTIONS)
    root = Path(options.get("path") or Path(required(options, "data_dir")) / "letters")
    return LetterStoreOnObjects({bucket: FolderObjects(root / bucket) for bucket in Bucket})

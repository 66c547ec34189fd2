"""A folder of this machine, or one that is mounted, from which a printer fetches zips."""

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from notify_adapters.letter_printer import places
from notify_adapters.options import known, required
from notify_adapters.private_folder import make_private_folder, sync_folder
from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.letters.ports.printer import AtPrinter, LetterPrinter

OPTIONS: Mapping[str, str] = {"path": "the folder (default: printer in the data directory)", **places.OPTIONS}

# No use to try again: somebody must change rights, or the configured place.
_REFUSALS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR})


class DirectoryPrinter:
    """``root`` is made when first needed, readable by this account only. What was uploaded is on the disk."""

    name = "directory"

    def __init__(self, root: Path) -> None:
        self._root = root

    def look(self, zip_name: str) -> AtPrinter:
        with self._translated():
            return AtPrinter(_size(self._root / places.incoming(zip_name)), _size(self._root / zip_name))

    def upload(self, zip_name: str, pieces: Iterable[bytes]) -> None:
        with self._translated():
            make_private_folder(self._root)
            with (self._root / places.incoming(zip_name)).open("wb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            sync_folder(self._root)

    def release(self, zip_name: str) -> None:
        incoming, released = self._root / places.incoming(zip_name), self._root / zip_name
        with self._translated():
            # In this order: whoever releases the same at this moment takes the one away with the other.
            if released.exists() and incoming.exists():
                raise PermanentError(f"the printer has another file of the name {zip_name}")
            # In one step: of a link beside it, a death would leave a second zip to release when the first is taken.
            with suppress(FileNotFoundError):
                incoming.rename(released)
                sync_folder(self._root)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            kind = PermanentError if error.errno in _REFUSALS else TransientError
            raise kind(f"{error.filename or self._root} cannot be used: {error.strerror}") from error


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def folder_of(options: Mapping[str, str]) -> Path:
    """Where the zips are."""
    return Path(options.get("path") or Path(required(options, "data_dir")) / "printer")


def build(options: Mapping[str, str]) -> LetterPrinter:
    known(options, *OPTIONS)
    return DirectoryPrinter(folder_of(options))

"""Objects as files in a folder: written whole or not at all, shared by processes, plain to look at.

A file without metadata is the content and nothing else, so that people and programs may put files
there by hand. Metadata follow the content in the same file, so that both change in one rename: JSON,
its length in 8 bytes, and a mark.
"""

import errno
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from notify_adapters.objects import PIECE, Found, NoSuchObject, is_plain
from notify_adapters.private_folder import make_private_folder, sync_folder
from notify_core.kernel.errors import InvalidValue, PermanentError, TransientError

_MARK = b"\0notify.metadata"
_TRAILER = 8 + len(_MARK)
_INCOMING = ".incoming"
# What is being written for longer than this was left behind by a process that died.
_LEFT_BEHIND = 24 * 60 * 60
_BETWEEN_SWEEPS = 60 * 60

# No use to try again: somebody must change rights, or the configured place.
_REFUSALS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR})

_NOT_THERE = (FileNotFoundError, IsADirectoryError, NotADirectoryError)


class FolderObjects:
    """``root`` is made when first needed, readable by this account only. What was put is on the disk."""

    def __init__(self, root: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._root = root
        self._incoming = root / _INCOMING
        self._clock = clock
        self._swept = float("-inf")
        self._sweep()

    def put(self, key: str, content: bytes, metadata: Mapping[str, str]) -> None:
        self._write(key, [content], metadata)

    def listing(self, prefix: str, *, at_most: int | None = None, behind: str = "") -> Iterator[Found]:
        for number, found in enumerate(self._walk("", prefix, behind), 1):
            yield found
            if number == at_most:
                return

    @contextmanager
    def open(self, key: str) -> Iterator[Iterator[bytes]]:
        with self._opened(key) as file:
            with self._translated():
                size, _ = _measured(file)
            yield self._pieces(file, size)

    def metadata(self, key: str) -> Mapping[str, str]:
        with self._opened(key) as file, self._translated():
            size, trailing = _measured(file)
            file.seek(size)
            return _decoded(file.read(trailing))

    def copy(self, source: "FolderObjects", source_key: str, key: str, metadata: Mapping[str, str] | None) -> None:
        kept = source.metadata(source_key) if metadata is None else metadata
        with source.open(source_key) as pieces:
            self._write(key, pieces, kept)

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            path = self._root / key
            with self._translated(), suppress(*_NOT_THERE):
                if is_plain(key) and not path.is_dir():
                    path.unlink()

    def _write(self, key: str, pieces: Iterable[bytes], metadata: Mapping[str, str]) -> None:
        if not is_plain(key):
            raise InvalidValue(f"{key[:100]!r} cannot be the name of a file")
        path, temporary = self._root / key, self._incoming / uuid4().hex
        self._sweep()
        with self._translated():
            make_private_folder(self._root)
            self._incoming.mkdir(exist_ok=True)
            try:
                with temporary.open("xb") as file:
                    _fill(file, pieces, metadata)
                _rename(temporary, path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            # Also those that were there: perhaps another process has made one a moment ago.
            for folder in path.parents:
                sync_folder(folder)
                if folder == self._root:
                    break

    @contextmanager
    def _opened(self, key: str) -> Iterator[BinaryIO]:
        if not is_plain(key):
            raise NoSuchObject(key)
        with self._translated():
            try:
                file = (self._root / key).open("rb")
            except _NOT_THERE:
                raise NoSuchObject(key) from None
        with file:
            yield file

    def _walk(self, folder: str, prefix: str, behind: str) -> Iterator[Found]:
        # A folder sorts as what its files' keys begin with: a-b, a/b, a0.
        for name in sorted(self._names(folder)):
            key = folder + name
            if name.endswith("/"):
                if key.startswith(prefix) or prefix.startswith(key):
                    yield from self._walk(key, prefix, behind)
            elif key.startswith(prefix) and key > behind:
                with suppress(NoSuchObject):  # deleted since
                    yield self._found(key)

    def _names(self, folder: str) -> Iterator[str]:
        with self._translated(), suppress(*_NOT_THERE), os.scandir(self._root / folder) as entries:
            for entry in entries:
                if is_plain(entry.name):
                    yield f"{entry.name}/" if entry.is_dir() else entry.name

    def _found(self, key: str) -> Found:
        with self._opened(key) as file, self._translated():
            size, _ = _measured(file)
            return Found(key, size, datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC))

    def _sweep(self) -> None:
        now = self._clock()
        if now - self._swept < _BETWEEN_SWEEPS:
            return
        self._swept = now
        # What cannot be cleared away is in nobody's way.
        with suppress(OSError), os.scandir(self._incoming) as entries:
            for entry in entries:
                with suppress(OSError):
                    if entry.stat().st_mtime < now - _LEFT_BEHIND:
                        Path(entry).unlink()

    def _pieces(self, file: BinaryIO, size: int) -> Iterator[bytes]:
        while size:
            with self._translated():
                piece = file.read(min(PIECE, size))
            if not piece:
                raise TransientError("a file became shorter while it was read")
            size -= len(piece)
            yield piece

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                raise InvalidValue("the name of a file is too long") from None
            kind = PermanentError if error.errno in _REFUSALS else TransientError
            raise kind(f"{error.filename or self._root} cannot be used: {error.strerror}") from error


def _rename(temporary: Path, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(path)
    except (FileExistsError, IsADirectoryError, NotADirectoryError):
        raise InvalidValue(f"{path.name!r} is a folder, or lies in what is a file") from None


def _fill(file: BinaryIO, pieces: Iterable[bytes], metadata: Mapping[str, str]) -> None:
    end = b""
    for piece in pieces:
        file.write(piece)
        end = (end + piece)[-len(_MARK) :]
    # Content that ends like a trailer is given one, so that it is not taken for one.
    if metadata or end == _MARK:
        encoded = json.dumps(dict(metadata)).encode()
        file.write(encoded + len(encoded).to_bytes(8, "big") + _MARK)
    file.flush()
    # The rename must not be on the disk before the content.
    os.fsync(file.fileno())


def _measured(file: BinaryIO) -> tuple[int, int]:
    """The sizes of the content and of what follows it; the file is at its beginning afterwards."""
    size = file.seek(0, os.SEEK_END)
    trailing = 0
    if size >= _TRAILER:
        file.seek(size - _TRAILER)
        length, mark = int.from_bytes(file.read(8), "big"), file.read()
        if mark == _MARK and length <= size - _TRAILER:
            trailing = length + _TRAILER
    file.seek(0)
    return size - trailing, trailing


def _decoded(trailing: bytes) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(trailing[:-_TRAILER]) if trailing else {}
    return found

"""What the processes of a deployment have counted, in files that outlive them, in prometheus_client's format."""

import fcntl
import os
import struct
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import IO, Any, Final

from prometheus_client.mmap_dict import MmapedDict

from notify_adapters.private_folder import make_private_folder

# How the library knows what is in a file.
COUNTER: Final = "counter"
HISTOGRAM: Final = "histogram"
GAUGE: Final = "gauge_mostrecent"

# Reserved at once: a disk that is full is met here, and not by the kernel in the middle of a write.
_RESERVED = 1 << 18
_UNREADABLE = (OSError, RuntimeError, ValueError, struct.error)


class FigureFiles:
    """Each process writes files of its own, and holds a lock that ends with it, however it ends. Who opens files
    adds those of ended processes to the files of all that have ended, so that no count ever falls back and the
    folder does not grow. Threads and forks may use it.

    Keys are those of ``prometheus_client.mmap_dict.mmap_key``.
    """

    def __init__(self, folder: Path) -> None:
        """:raises OSError: there can be no such folder."""
        make_private_folder(folder)
        self.folder = folder
        self._lock = Lock()
        self._own: _Own | None = None
        reference = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _forget(reference))

    def add(self, kind: str, changes: Mapping[str, float]) -> None:
        """:raises OSError: the folder cannot be written."""
        with self._lock:
            file = self._opened().files[kind]
            for key, by in changes.items():
                file.write_value(key, file.read_value(key)[0] + by, 0.0)

    def put(self, key: str, value: float, at: float) -> None:
        """``key`` of a gauge has this value since ``at``, in Unix time; of all processes' the latest counts.

        :raises OSError: the folder cannot be written.
        """
        with self._lock:
            self._opened().files[GAUGE].write_value(key, value, at)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Meanwhile no file is added to another."""
        with self._whole_folder(fcntl.LOCK_SH):
            yield

    def close(self) -> None:
        """The process has no files of its own any more, until it tells something again."""
        with self._lock:
            self.forget()

    def forget(self) -> None:
        own, self._own = self._own, None
        if own is not None:
            own.close()

    def after_fork(self) -> None:
        # Another thread of the parent may have held it.
        self._lock = Lock()
        self.forget()

    def _opened(self) -> "_Own":
        if self._own is None:
            with self._whole_folder(fcntl.LOCK_EX):
                self._take_over()
                self._own = _Own(self.folder)
                weakref.finalize(self, self._own.close).atexit = False
        return self._own

    @contextmanager
    def _whole_folder(self, how: int) -> Iterator[None]:
        with (self.folder / ".folder").open("a") as file:
            fcntl.flock(file, how)
            yield

    def _take_over(self) -> None:
        for lock in self.folder.glob("*.lock"):
            with lock.open("a") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                for kind in (COUNTER, HISTOGRAM, GAUGE):
                    _add_to_ended(self.folder, kind, lock.stem)
                lock.unlink()


class _Own:
    """The files of one process, under a name that no other process ever had."""

    def __init__(self, folder: Path) -> None:
        name = f"{os.getpid()}-{token_hex(4)}"
        self._held = (folder / f"{name}.lock").open("a")
        fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.files = {kind: _opened(folder / f"{kind}_{name}.db") for kind in (COUNTER, HISTOGRAM, GAUGE)}

    def close(self) -> None:
        for file in self.files.values():
            file.close()
        self._held.close()


def _opened(path: Path) -> Any:
    with path.open("ab") as file:
        _reserve(file)
    return MmapedDict(str(path))  # type: ignore[no-untyped-call]  # the library types only a part of itself


def _reserve(file: IO[bytes]) -> None:
    if file.tell() == 0:
        os.posix_fallocate(file.fileno(), 0, _RESERVED)


def _add_to_ended(folder: Path, kind: str, name: str) -> None:
    left = folder / f"{kind}_{name}.db"
    try:
        figures = list(MmapedDict.read_all_values_from_file(str(left)))  # type: ignore[no-untyped-call]  # as above
    except _UNREADABLE:
        # The machine lost its power in the middle of a write.
        figures = []
    ended = _opened(folder / f"{kind}_ended.db")
    for key, value, at, _ in figures:
        known, known_at = ended.read_value(key)
        if kind != GAUGE:
            ended.write_value(key, known + value, 0.0)
        elif at > known_at:
            ended.write_value(key, value, at)
    ended.close()
    left.unlink(missing_ok=True)


def _forget(reference: "weakref.ref[FigureFiles]") -> None:
    files = reference()
    if files is not None:
        files.after_fork()

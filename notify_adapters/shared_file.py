"""A SQLite file that threads and processes share: the memory of fakes."""

import os
import sqlite3
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from notify_adapters.private_folder import make_private_folder

_BUSY = 30.0


class SharedFile:
    """One connection a process, opened when first needed; its threads take turns."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._schema = schema
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._pid = 0

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything or nothing; other writers wait."""
        with self.reading() as connection:
            connection.execute("begin immediate")
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                # SQLite has rolled back by itself where the disk is full.
                if connection.in_transaction:
                    connection.execute("rollback")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Single statements, none of which waits for writers."""
        with self._lock:
            yield self._opened()

    def close(self) -> None:
        with self._lock:
            if self._connection is not None and self._pid == os.getpid():
                self._connection.close()
            self._connection = None

    def _opened(self) -> sqlite3.Connection:
        # A connection must not be used on both sides of a fork.
        if self._connection is None or self._pid != os.getpid():
            make_private_folder(self._path.parent)
            self._connection = _open(self._path, self._schema)
            self._pid = os.getpid()
            weakref.finalize(self, _close, self._connection, self._pid)
        return self._connection


def _open(path: Path, schema: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
    try:
        _switch_to_wal(connection)
        # Safe when a process is killed, not when the machine loses power: enough for a fake, and four times as fast.
        connection.execute("pragma synchronous = off")
        connection.executescript(f"begin immediate; {schema} commit;")
    except BaseException:
        connection.close()
        raise
    return connection


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    until = time.monotonic() + _BUSY
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError:
            # Changing to WAL does not wait for another process that is just doing the same.
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _close(connection: sqlite3.Connection, pid: int) -> None:
    if pid == os.getpid():
        connection.close()

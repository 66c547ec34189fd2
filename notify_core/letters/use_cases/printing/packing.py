"""Making a zip out of files in the store, piece by piece."""

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final
from zlib import crc32

from notify_core.letters.model import Bucket
from notify_core.letters.policies.zip_format import ZipEntry, central_directory, local_header
from notify_core.letters.ports.files import LetterPdfNotFound, LetterStore

# So many downloads run side by side, and so many files wait for their turn in the zip.
AT_ONCE: Final = 8
# What is larger waits on the disk.
_IN_MEMORY: Final = 1024 * 1024
_PIECE: Final = 256 * 1024


@dataclass
class Packing:
    """The zip of the files ``keys`` that are there, read once; afterwards, what was in it.

    Files are fetched ahead of their turn; of the zip nothing is kept. ``missing`` are the keys of files that are
    not there (any more).
    """

    store: LetterStore
    keys: Sequence[str]
    missing: list[str] = field(default_factory=list, init=False)
    packed: list[ZipEntry] = field(default_factory=list, init=False)
    size: int = field(default=0, init=False)
    _hash: Any = field(default_factory=sha256, init=False, repr=False)

    @property
    def pdf_bytes(self) -> int:
        """The sizes of the files in it."""
        return sum(entry.size for entry in self.packed)

    @property
    def checksum(self) -> str:
        """SHA-256 of what was read so far, in hexadecimal."""
        return str(self._hash.hexdigest())

    def pieces(self) -> Generator[bytes]:
        """Where nothing is packed, one piece: the end of an empty zip.

        :raises TransientError: the store is not there.
        """
        for key, fetched in self._fetched():
            if fetched is None:
                self.missing.append(key)
                continue
            with fetched.content as content:
                entry = ZipEntry(name_in_zip(key), fetched.size, fetched.crc, self.size)
                self.packed.append(entry)
                yield self._noted(local_header(entry))
                while piece := content.read(_PIECE):
                    yield self._noted(piece)
        yield self._noted(central_directory(self.packed))

    def _noted(self, piece: bytes) -> bytes:
        self.size += len(piece)
        self._hash.update(piece)
        return piece

    def _fetched(self) -> Iterator[tuple[str, "_Fetched | None"]]:
        waiting: deque[tuple[str, Future[_Fetched | None]]] = deque()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="letters") as pool:
            try:
                for key in self.keys:
                    waiting.append((key, pool.submit(self._fetch, key)))
                    if len(waiting) > AT_ONCE:
                        first, fetched = waiting.popleft()
                        yield first, fetched.result()
                while waiting:
                    first, fetched = waiting.popleft()
                    yield first, fetched.result()
            finally:
                # Who reads no further waits for what has begun, no more.
                pool.shutdown(cancel_futures=True)
                for _, left in waiting:
                    _discard(left)

    def _fetch(self, key: str) -> "_Fetched | None":
        content = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by who puts it into the zip
        size, crc = 0, 0
        try:
            with self.store.open(Bucket.PDF, key) as pieces:
                for piece in pieces:
                    content.write(piece)
                    size, crc = size + len(piece), crc32(piece, crc)
        except LetterPdfNotFound:
            content.close()
            return None
        except BaseException:
            content.close()
            raise
        content.seek(0)
        return _Fetched(content, size, crc)


@dataclass(frozen=True, slots=True)
class _Fetched:
    content: IO[bytes]
    size: int
    crc: int


def _discard(left: "Future[_Fetched | None]") -> None:
    if not left.cancelled() and left.exception() is None and (fetched := left.result()) is not None:
        fetched.content.close()


def name_in_zip(key: str) -> str:
    """A file's name without its folder."""
    return key.rpartition("/")[2]

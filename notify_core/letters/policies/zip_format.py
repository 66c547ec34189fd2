"""The bytes of a zip around the files in it. Source: APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16.

Files are stored as they are (PDFs hardly become smaller), with size and checksum before the content, so that readers
need not look at the end first; times are fixed. So the same files make the same zip, of a size known beforehand.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_VERSION: Final = 20
# 1 January 1980, the first day there is.
_TIME, _DATE = 0, 0x21


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """A file in a zip; ``crc`` is its CRC-32, ``offset`` where its header begins, ``size`` and it below 4 GiB."""

    name: str
    size: int
    crc: int
    offset: int


def local_header(entry: ZipEntry) -> bytes:
    """What stands before a file's content."""
    return _LOCAL.pack(b"PK\x03\x04", _VERSION, *_common(entry)) + entry.name.encode()


def central_directory(entries: Sequence[ZipEntry]) -> bytes:
    """What stands behind the files: their list, and the end of the zip."""
    listed = b"".join(_listed(entry) for entry in entries)
    begins = sum(_LOCAL.size + len(entry.name.encode()) + entry.size for entry in entries)
    return listed + _END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(listed), begins, 0)


def zip_bytes(names: Iterable[str], content_bytes: int) -> int:
    """The size of the zip with files of these names and so many bytes together."""
    around = sum(_LOCAL.size + _CENTRAL.size + 2 * len(name.encode()) for name in names)
    return around + content_bytes + _END.size


def _common(entry: ZipEntry) -> tuple[int, ...]:
    return (0, 0, _TIME, _DATE, entry.crc, entry.size, entry.size, len(entry.name.encode()), 0)


def _listed(entry: ZipEntry) -> bytes:
    fixed = _CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, *_common(entry), 0, 0, 0, 0, entry.offset)
    return fixed + entry.name.encode()

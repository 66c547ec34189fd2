"""The types of files that may be sent, known by what is in them.

A name's extension is not believed alone: what opens as a program or as a web page does not go out under the
name of a letter.
"""

import json
import re
from typing import Final

from notify_core.documents.model import FileType
from notify_core.kernel.errors import NotAllowed

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"

FILE_TYPES: Final = (
    FileType("csv", "text/csv", "CSV file"),
    FileType("doc", "application/msword", "Microsoft Word document"),
    FileType("docx", f"{_OFFICE}.wordprocessingml.document", "Microsoft Word document"),
    FileType("jpeg", "image/jpeg", "JPEG image"),
    FileType("jpg", "image/jpeg", "JPEG image"),
    FileType("json", "application/json", "JSON file"),
    FileType("odt", "application/vnd.oasis.opendocument.text", "OpenDocument text"),
    FileType("pdf", "application/pdf", "PDF"),
    FileType("png", "image/png", "PNG image"),
    FileType("rtf", "text/rtf", "Rich text document"),
    FileType("txt", "text/plain", "Text file"),
    FileType("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "Microsoft Excel spreadsheet"),
)
_BY_EXTENSION: Final = {one.extension: one for one in FILE_TYPES}
_BY_MIME: Final = {one.mime: one for one in FILE_TYPES}
_ALLOWED: Final = ", ".join(f"'.{extension}'" for extension in _BY_EXTENSION)

_TEXT: Final = frozenset({"text/plain", "text/csv", "application/json"})
# Word has long saved such files under the name .doc.
_ALSO_DOC: Final = frozenset({"text/rtf", f"{_OFFICE}.wordprocessingml.document"})

_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (_OLD_OFFICE, "application/msword"),
    (b"{\\rtf", "text/rtf"),
)
# What an archive holds, by the names in it, which are not compressed.
_IN_ZIP: Final = (
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (b"word/", f"{_OFFICE}.wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}.spreadsheetml.sheet"),
)
_ZIP: Final = b"PK\x03\x04"
_PDF: Final = b"%PDF-"
# Readers look for the mark within so many bytes.
_PDF_WITHIN: Final = 1024
_MARKUP: Final = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|script|svg|\?xml)", re.IGNORECASE)
_NOT_TEXT: Final = re.compile("[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_BYTE_ORDER: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def type_named(mime: str) -> FileType:
    """The type with this media type, one of ``FILE_TYPES``."""
    return _BY_MIME[mime]


def check_type(content: bytes, extension: str | None, *, is_csv: bool) -> str:
    """The media type of a file, by its name's extension where it has a name.

    :raises NotAllowed: there is no sending files of that type, or it is not what its name says.
    """
    found = _sniffed(content)
    if extension is None:
        if is_csv and found == "text/plain":
            found = "text/csv"
        if found not in _BY_MIME:
            raise _unsupported(found)
        return found
    if extension not in _BY_EXTENSION:
        raise _unsupported(f".{extension}")
    named = _BY_EXTENSION[extension].mime
    if not _is_true_of(named, found):
        raise _unsupported(found)
    return named


def _unsupported(what: str) -> NotAllowed:
    return NotAllowed(f"Unsupported file type '{what}'. Supported types are: {_ALLOWED}")


def _is_true_of(named: str, found: str) -> bool:
    if named in _TEXT:
        # Whatever is text may be called so: it is shown as text, or saved.
        return found in _TEXT or found in {"text/rtf", "text/html"}
    return found == named or (named == "application/msword" and found in _ALSO_DOC)


def _sniffed(content: bytes) -> str:
    if not content:
        return "application/x-empty"
    for magic, mime in _MAGIC:
        if content.startswith(magic):
            return mime
    if content.startswith(_ZIP):
        return next((mime for mark, mime in _IN_ZIP if mark in content), "application/zip")
    if _PDF in content[:_PDF_WITHIN]:
        return "application/pdf"
    return _sniffed_text(content)


def _sniffed_text(content: bytes) -> str:
    text = _decoded(content)
    if text is None or _NOT_TEXT.search(text):
        return "application/octet-stream"
    if _MARKUP.match(text):
        return "text/html"
    return "application/json" if _is_json(text) else "text/plain"


def _decoded(content: bytes) -> str | None:
    encoding = next((name for mark, name in _BYTE_ORDER if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        # Spreadsheets on Windows write what has no zeros, and every byte is some letter.
        return None if encoding == "utf-16" else content.decode("latin-1")


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True

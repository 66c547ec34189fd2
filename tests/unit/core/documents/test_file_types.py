import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.documents.policies.file_types import FILE_TYPES, check_type, type_named
from notify_core.kernel.errors import NotAllowed

SUPPORTED = (
    "Supported types are: '.csv', '.doc', '.docx', '.jpeg', '.jpg', '.json', '.odt', '.pdf', '.png', '.rtf', '.txt', "
    "'.xlsx'"
)


def a_zip(**files):
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


DOCX, XLSX = a_zip(word__document_xml="<w/>" * 99), a_zip(xl__workbook_xml="<x/>")
ODT = b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text" + a_zip(content_xml="<o/>")
DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG, JPEG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe0\0\x10JFIF"
RTF = rb"{\rtf1\ansi Hello}"
JSON = b' {"name": ["Si\xc3\xa2n"]}'
PLAIN = "Annwyl Siân,\r\n\tdiolch £5\x0c".encode()
WINDOWS = "name,price\r\nSiân,£5\r\n".encode("cp1252")
WIDE = "enw,pris\r\nSiân,£5\r\n".encode("utf-16")
PROGRAM, ELF = b"MZ\x90\0\x03\0\0\0", b"\x7fELF\x02\x01\x01\0"
PAGE = b"\n<!DOCTYPE HTML><script>alert(1)</script>"
ARCHIVE = a_zip(run_exe="MZ")

OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (PDF, "application/pdf"),
        (b"junk\n" + PDF, "application/pdf"),
        (DOC, "application/msword"),
        (DOCX, f"{OFFICE}wordprocessingml.document"),
        (XLSX, f"{OFFICE}spreadsheetml.sheet"),
        (ODT, "application/vnd.oasis.opendocument.text"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (RTF, "text/rtf"),
        (JSON, "application/json"),
        (PLAIN, "text/plain"),
        (WINDOWS, "text/plain"),
        (WIDE, "text/plain"),
        (b"\xef\xbb\xbf" + PLAIN, "text/plain"),
        (b"{not json", "text/plain"),
        (b"[" * 200_000, "text/plain"),
        (b"[1" + b"0" * 5_000 + b"]", "text/plain"),
        (b"MZ: a postcode area?", "text/plain"),
    ],
)
def test_a_file_without_a_name_is_what_is_in_it(content, mime):
    assert check_type(content, None, is_csv=False) == mime


def test_only_its_sender_knows_that_a_text_is_a_table():
    assert check_type(WINDOWS, None, is_csv=True) == "text/csv"
    assert check_type(PDF, None, is_csv=True) == "application/pdf"


@pytest.mark.parametrize(
    ("content", "called"),
    [
        (b"", "application/x-empty"),
        (PROGRAM, "application/octet-stream"),
        (ELF, "application/octet-stream"),
        (PAGE, "text/html"),
        (b"<svg xmlns=''/>", "text/html"),
        (ARCHIVE, "application/zip"),
        (b"\xff\xfea", "application/octet-stream"),
        (b"text\0text", "application/octet-stream"),
    ],
)
def test_other_types_are_not_sent(content, called):
    with pytest.raises(NotAllowed) as refused:
        check_type(content, None, is_csv=False)
    assert str(refused.value) == f"Unsupported file type '{called}'. {SUPPORTED}"


@pytest.mark.parametrize(
    ("extension", "content"),
    [
        ("pdf", PDF),
        ("doc", DOC),
        ("doc", RTF),
        ("doc", DOCX),
        ("docx", DOCX),
        ("xlsx", XLSX),
        ("odt", ODT),
        ("png", PNG),
        ("jpg", JPEG),
        ("jpeg", JPEG),
        ("rtf", RTF),
        ("csv", WINDOWS),
        ("txt", PLAIN),
        ("txt", JSON),
        ("txt", PAGE),
        ("json", JSON),
        ("json", b"{half of it"),
    ],
)
def test_a_file_with_a_name_is_what_its_name_says(extension, content):
    named = next(one for one in FILE_TYPES if one.extension == extension)
    assert check_type(content, extension, is_csv=False) == named.mime
    assert type_named(named.mime).words == named.words


@pytest.mark.parametrize("extension", ["exe", "html", "svg", "zip", "xls", "pptx", "", "docm"])
def test_a_name_of_another_type_is_refused(extension):
    with pytest.raises(NotAllowed) as refused:
        check_type(PDF, extension, is_csv=False)
    assert str(refused.value) == f"Unsupported file type '.{extension}'. {SUPPORTED}"


@pytest.mark.parametrize(
    ("extension", "content"),
    [("pdf", PROGRAM), ("pdf", PLAIN), ("docx", ARCHIVE), ("xlsx", DOCX), ("png", JPEG), ("txt", ELF), ("csv", b"")],
)
def test_a_name_that_is_not_true_is_refused(extension, content):
    with pytest.raises(NotAllowed, match="Unsupported file type"):
        check_type(content, extension, is_csv=True)


@given(st.binary(max_size=300), st.sampled_from([None, *(one.extension for one in FILE_TYPES)]), st.booleans())
def test_whatever_it_is_it_is_of_a_type_or_refused(content, extension, is_csv):
    try:
        mime = check_type(content, extension, is_csv=is_csv)
    except NotAllowed:
        return
    assert type_named(mime) in FILE_TYPES


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=20).map(lambda x: [x]))
def test_what_is_json_is_known_as_json(value):
    assert check_type(json.dumps(value).encode(), None, is_csv=False) == "application/json"

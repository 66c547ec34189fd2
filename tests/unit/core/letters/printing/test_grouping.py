import io
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import Bucket, LetterToPrint, Location, Postage
from notify_core.letters.policies.cut_off import deadline_of
from notify_core.letters.policies.grouping import (
    MOST_BYTES,
    MOST_LETTERS,
    grouped,
    marker_of,
    reference_of_pdf,
    searched_one_by_one,
    zip_name,
)
from notify_core.letters.policies.naming import print_day
from notify_core.letters.policies.zip_format import ZipEntry, central_directory, local_header, zip_bytes
from notify_core.testing.builders import NOON, an_id

SERVICE = ServiceId(UUID("d6aa2c68-a2d9-4437-ab19-3ae8eb202553"))
MIB = 1024 * 1024


def letter(size=1, service=SERVICE, key="2026-01-05/NOTIFY.FOO.D.2.C.20260105120000.PDF"):
    pdf = None if key is None else Location(Bucket.PDF, key)
    return LetterToPrint(NotificationId(an_id()), service, "FOO", NOON, 1, pdf, size)


def sizes(letters):
    return [[one.pdf_bytes for one in group] for group in grouped(letters)]


def test_a_group_has_at_most_40_mib():
    assert sizes([letter(20 * MIB), letter(20 * MIB), letter(1)]) == [[20 * MIB, 20 * MIB], [1]]
    assert sizes([letter(20 * MIB), letter(20 * MIB + 1)]) == [[20 * MIB], [20 * MIB + 1]]


def test_a_group_has_at_most_500_letters():
    assert [len(group) for group in grouped([letter()] * 1001)] == [500, 500, 1]


def test_a_group_is_one_services():
    other = ServiceId(an_id())
    assert sizes([letter(1), letter(2), letter(3, other), letter(4, other)]) == [[1, 2], [3, 4]]


def test_a_letter_that_is_too_large_is_alone():
    assert sizes([letter(1), letter(41 * MIB), letter(2)]) == [[1], [41 * MIB], [2]]
    assert sizes([letter(41 * MIB), letter(42 * MIB)]) == [[41 * MIB], [42 * MIB]]


def test_only_pdfs_are_grouped_and_no_group_is_empty():
    assert sizes([]) == []
    assert sizes([letter(key="a.txt"), letter(key=None), letter(size=None)]) == []
    assert sizes([letter(1, key="a.pdf"), letter(2, key="a.txt"), letter(3, key="a.PdF")]) == [[1, 3]]


services = st.sampled_from([ServiceId(UUID(int=number)) for number in range(3)])
letters = st.builds(
    letter,
    st.one_of(st.integers(0, 3 * MIB), st.integers(0, 60 * MIB)),
    services,
    st.sampled_from(["a.pdf", "a.PDF", "a.txt"]),
)


@given(st.lists(letters, max_size=60), st.integers(1, 30))
def test_whatever_comes_every_pdf_is_in_one_group_in_its_order(some, times):
    given_letters = some * times
    groups = list(grouped(given_letters))
    assert [one for group in groups for one in group] == [
        one for one in given_letters if one.pdf.key.lower().endswith(".pdf")
    ]
    for group in groups:
        assert 1 <= len(group) <= MOST_LETTERS
        assert len({one.service_id for one in group}) == 1
        assert len(group) == 1 or sum(one.pdf_bytes for one in group) <= MOST_BYTES
    for group, following in pairwise(groups):
        # None of them could have had one more.
        full = len(group) == MOST_LETTERS or sum(one.pdf_bytes for one in [*group, following[0]]) > MOST_BYTES
        assert full or group[0].service_id != following[0].service_id


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 - made UTC below
def test_the_folders_of_two_days_meet_at_the_cut_off_and_no_letter_is_between_them(moment):
    created = moment.replace(tzinfo=UTC)
    day = print_day(created)
    assert deadline_of(day - timedelta(days=1)) < created <= deadline_of(day)


def test_a_zip_is_called_after_its_run_and_what_is_in_it():
    deadline = datetime(2026, 7, 5, 16, 30, tzinfo=UTC)
    assert zip_name(deadline, Postage.SECOND, 1, SERVICE, ["a", "bc"]) == (
        f"NOTIFY.2026-07-05.2.001.3a81oZNherrMQXNJriBB.{SERVICE}.ZIP"
    )
    assert zip_name(deadline, Postage.SECOND, 1, SERVICE, ["ab", "c"]).split(".")[4] == "3a81oZNherrMQXNJriBB"
    assert zip_name(deadline, Postage.ECONOMY, 1234, SERVICE, ["a"]).startswith("NOTIFY.2026-07-05.ECONOMY.1234.")


def test_the_marker_lies_beside_the_letters():
    assert marker_of(datetime(2026, 7, 5, 16, 30, tzinfo=UTC), "A.ZIP") == "2026-07-05/zips_sent/A.ZIP.TXT"


@pytest.mark.parametrize(
    ("key", "reference"),
    [
        ("2026-01-05/NOTIFY.FOO.D.2.C.20260105120000.PDF", "FOO"),
        ("2021-01-05/NOTIFY.FOO.D.2.C.C.20210105120000.pdf", "FOO"),
        ("NOTIFY.FOO.PDF", "FOO"),
        ("2026-01-05/NOTIFY.FOO.D.2.C.20260105120000.txt", None),
        ("2026-01-05/zips_sent/NOTIFY.2026-01-05.2.001.X.Y.ZIP.TXT", None),
        ("2026-01-05/OTHER.FOO.D.PDF", None),
        ("NOTIFY.PDF", None),
        ("", None),
    ],
)
def test_a_letter_is_known_by_the_name_of_its_file(key, reference):
    assert reference_of_pdf(key) == reference


@pytest.mark.parametrize(
    ("due", "files", "one_by_one"),
    [
        (0, 0, True),
        (1, 1, True),
        (2, 50_000, True),
        (3, 1000, False),
        (3, 2000, False),
        (3, 2001, True),
        (4, 2001, False),
    ],
)
def test_few_letters_are_looked_up_and_many_listed(due, files, one_by_one):
    assert searched_one_by_one(due, files) is one_by_one


@given(st.dictionaries(st.from_regex(r"[A-Z0-9.]{1,40}\.PDF", fullmatch=True), st.binary(max_size=300), max_size=20))
def test_any_program_can_read_the_zip(files):
    content, entries = b"", []
    for name, inside in files.items():
        entries.append(ZipEntry(name, len(inside), zlib.crc32(inside), len(content)))
        content += local_header(entries[-1]) + inside
    content += central_directory(entries)

    assert len(content) == zip_bytes(files, sum(map(len, files.values())))
    with zipfile.ZipFile(io.BytesIO(content)) as read:
        assert read.testzip() is None
        assert {name: read.read(name) for name in read.namelist()} == files

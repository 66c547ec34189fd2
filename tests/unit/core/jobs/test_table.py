import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.jobs.policies import table as rules
from notify_core.jobs.policies.table import count_rows, read_table
from notify_core.kernel.errors import InvalidValue


def rows(text):
    return list(read_table(text.encode()).rows())


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_separators_and_line_ends_of_every_kind(separator, end, last):
    lines = [separator.join(cells) for cells in (["phone number", "name"], ["07700900123", "Ann"], ["1", "Bo"])]
    found = read_table((end.join(lines) + (end if last else "")).encode())
    assert found.headings == ("phone number", "name")
    assert list(found.rows()) == [(0, ["07700900123", "Ann"]), (1, ["1", "Bo"])]


def test_the_separator_is_the_one_that_makes_the_most_headings():
    assert read_table(b"phone number;name, first;day\n1;a, b;c").headings == ("phone number", "name, first", "day")
    assert read_table(b"phone number\n1").headings == ("phone number",)


def test_excel_may_say_which_separator_it_is():
    assert read_table(b"sep=;\r\nphone number;a,b,c,d,e\r\n1;2").headings == ("phone number", "a,b,c,d,e")
    assert read_table(b'"SEP=,"\nphone number,a\n1,2').headings == ("phone number", "a")


def test_cells_may_have_line_ends_quotation_marks_and_separators():
    assert rows('phone number,text\n1,"two\nlines, ""quoted"""\n2,x') == [
        (0, ["1", 'two\nlines, "quoted"']),
        (1, ["2", "x"]),
    ]


def test_blank_rows_are_passed_over_and_counted():
    assert rows("\n ,\t\nphone number,name\n\n1,a\n , \n,\n2,b\n\n\n") == [(1, ["1", "a"]), (4, ["2", "b"])]


def test_rows_are_read_from_any_number_on():
    found = read_table(b"phone number\n0\n1\n\n3\n")
    assert list(found.rows(1)) == [(1, ["1"]), (3, ["3"])]
    assert list(found.rows(4)) == []


def test_rows_may_be_shorter_and_longer_than_the_headings():
    assert rows("a,b\n1\n1,2,3\n") == [(0, ["1"]), (1, ["1", "2", "3"])]


@pytest.mark.parametrize("content", [b"", b"\n\n", b" \n", b"\xef\xbb\xbf"])
def test_a_file_without_headings_is_refused(content):
    with pytest.raises(InvalidValue, match=rules.EMPTY):
        read_table(content)


def test_a_file_without_rows_is_refused():
    with pytest.raises(InvalidValue, match=rules.EMPTY):
        count_rows(read_table(b"phone number\n\n , "))


def test_a_job_has_100_000_rows_at_most():
    assert count_rows(read_table(b"n\n" + b"1\n" * 100_000)) == 100_000
    with pytest.raises(InvalidValue, match="more than 100,000 rows"):
        count_rows(read_table(b"n\n" + b"1\n" * 100_001))


@pytest.mark.parametrize("text", ['n,m\n1,"never closed\n2,x\n3,y', 'n,m\n1,"never closed', 'n\n"a'])
def test_a_quotation_mark_that_is_never_closed_is_found(text):
    with pytest.raises(InvalidValue, match=rules.UNCLOSED):
        count_rows(read_table(text.encode()))


def test_a_quotation_mark_that_swallows_half_of_a_long_file_is_found():
    with pytest.raises(InvalidValue, match="too long"):
        count_rows(read_table(b'n\n1\n"' + b"07700900123\n" * 20_000))


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n,;\t\"'"), max_size=8)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(
    TABLES, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])
)
def test_what_a_spreadsheet_writes_is_read(cells, separator, end, encoding):
    written = io.StringIO()
    headings = [f"column {number}" for number in range(len(cells[0]))]
    writer = csv.writer(written, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([headings, *cells])
    found = read_table(written.getvalue().encode(encoding))
    assert found.headings == tuple(headings)
    wanted = [(number, row) for number, row in enumerate(cells) if any(cell.strip() for cell in row)]
    assert list(found.rows()) == wanted


@given(st.binary(max_size=200) | st.text(st.sampled_from('a,;\t"\n\r\x00 '), max_size=60).map(str.encode))
def test_no_file_brings_the_reader_down(content):
    try:
        found = read_table(content)
        numbers = [number for number, _ in found.rows()]
    except InvalidValue:
        return
    assert numbers == sorted(set(numbers))

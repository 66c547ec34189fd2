from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.errors import InvalidValue
from notify_core.letters.model import CostThreshold, PrinterAnswer
from notify_core.letters.policies.answers import day_of_answers, is_answer_file, parse_answers, require_reference

GOOD = "ABCDEFGHIJKLMNOP|Sent|1|Unsorted"

references = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=16, max_size=16)
statuses = st.just("Sent") | st.text("abcdefghijklmnopqrstuvwxyz ABC", min_size=1, max_size=20)
answers = st.builds(PrinterAnswer, references, statuses, st.integers(0, 99999), st.sampled_from(CostThreshold))
lists = st.lists(answers, min_size=1, max_size=30, unique_by=lambda answer: answer.file_reference)


def written(answer, case=str.title):
    return "|".join((answer.file_reference, answer.status, str(answer.pages), case(answer.cost_threshold)))


def text(*lines, end="\n"):
    return "".join(f"{line}{end}" for line in lines).encode()


class TestReading:
    def test_a_line_is_an_answer_for_a_letter(self):
        assert parse_answers(text(GOOD, "QRSTUVWXYZ012345|Damaged|3|sorted")) == [
            PrinterAnswer("ABCDEFGHIJKLMNOP", "Sent", 1, CostThreshold.UNSORTED),
            PrinterAnswer("QRSTUVWXYZ012345", "Damaged", 3, CostThreshold.SORTED),
        ]

    @given(lists, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from([str.title, str.lower, str.upper]))
    def test_what_is_written_is_read(self, wanted, end, last_line_ends, case):
        content = text(*(written(answer, case) for answer in wanted), end=end)
        if not last_line_ends:
            content = content.removesuffix(end.encode())
        assert parse_answers(content) == wanted

    @given(lists)
    def test_a_line_that_is_repeated_counts_once(self, wanted):
        assert parse_answers(text(*map(written, [*wanted, *wanted]))) == wanted

    @given(lists, st.data())
    def test_a_contradiction_is_named_with_both_lines(self, wanted, data):
        first = data.draw(st.integers(0, len(wanted) - 1))
        other = "Lost" if wanted[first].status != "Lost" else "Sent"
        contradiction = f"{wanted[first].file_reference}|{other}|1|sorted"
        with pytest.raises(InvalidValue, match=rf"^line {len(wanted) + 1} contradicts line {first + 1} about "):
            parse_answers(text(*map(written, wanted), contradiction))


class TestInvalid:
    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            ("", "has 1 parts and not 4"),
            ("hello", "has 1 parts and not 4"),
            ("ABCDEFGHIJKLMNOP|Sent|1", "has 3 parts and not 4"),
            (f"{GOOD}|", "has 5 parts and not 4"),
            ("|Sent|1|Sorted", "'' is no reference"),
            ("ABCDE FGH|Sent|1|Sorted", "'ABCDE FGH' is no reference"),
            (f"{'A' * 65}|Sent|1|Sorted", f"'{'A' * 40}' is no reference"),
            ("ABCDEFGHIJKLMNOP||1|Sorted", "'' is no status"),
            ("ABCDEFGHIJKLMNOP|Se\tnt|1|Sorted", r"'Se\\tnt' is no status"),
            ("ABCDEFGHIJKLMNOP|Sent||Sorted", "'' is no page count"),
            ("ABCDEFGHIJKLMNOP|Sent|-1|Sorted", "'-1' is no page count"),
            ("ABCDEFGHIJKLMNOP|Sent|1.5|Sorted", "'1.5' is no page count"),
            ("ABCDEFGHIJKLMNOP|Sent|one|Sorted", "'one' is no page count"),
            ("ABCDEFGHIJKLMNOP|Sent|1|", "'' is neither Sorted nor Unsorted"),
            ("ABCDEFGHIJKLMNOP|Sent|1|Error", "'Error' is neither Sorted nor Unsorted"),
            ("ABCDEFGHIJKLMNOP|Sent|1|Sort", "'Sort' is neither Sorted nor Unsorted"),
        ],
    )
    def test_the_line_is_named_and_what_is_wrong_with_it(self, line, fault):
        with pytest.raises(InvalidValue, match=rf"^line 2:? {fault}"):
            parse_answers(text(GOOD, line, "QRSTUVWXYZ012345|Sent|1|Sorted"))

    def test_an_empty_file_says_nothing_at_all(self):
        with pytest.raises(InvalidValue, match=r"^the file is empty$"):
            parse_answers(b"")

    def test_other_characters_than_ascii(self):
        with pytest.raises(InvalidValue, match=r"^line 2 has characters other than those of plain ASCII$"):
            parse_answers(text(GOOD) + b"QRSTUVWXYZ012345|S\xc3\xa9nt|1|Sorted\n")

    @given(st.binary(max_size=200))
    def test_whatever_else_it_is_it_says_so(self, content):
        try:
            found = parse_answers(content)
        except InvalidValue:
            return
        assert 0 < len(found) <= content.count(b"\n") + 1

    @given(lists, st.integers(1, 30))
    def test_a_file_that_breaks_off_within_a_line_is_invalid_or_says_less(self, wanted, lost):
        content = text(*map(written, wanted))
        try:
            found = parse_answers(content[:-lost])
        except InvalidValue:
            return
        assert found == wanted[: len(found)]


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "NOTIFY-20260105120000-RSP.TXT.tmp",
            "NOTIFY-20260105120000-RSP.txt",
            "NOTIFY-2026010512000-RSP.TXT",
            "NOTIFY-20261305120000-RSP.TXT",
            "NOTIFY-20260229120000-RSP.TXT",
            "NOTIFY-20260105120000-ACK.TXT",
            "NOTIFY-\uff120260105120000-RSP.TXT",
            "NOTIFY-20260105120000-RSP.TXT\n",
            "root/dispatch/NOTIFY-20260105120000-RSP.TXT",
            "",
        ],
    )
    def test_other_files_are_none(self, name):
        assert not is_answer_file(name)
        with pytest.raises(InvalidValue, match="is no name of a response file"):
            day_of_answers(name)

    @pytest.mark.parametrize(
        ("moment", "day"),
        [
            ("20260105120000", date(2026, 1, 5)),
            ("20240229235959", date(2024, 2, 29)),
            # In summer London is an hour ahead.
            ("20260630225959", date(2026, 6, 30)),
            ("20260630230000", date(2026, 7, 1)),
        ],
    )
    def test_the_day_is_london_s(self, moment, day):
        assert is_answer_file(f"NOTIFY-{moment}-RSP.TXT")
        assert day_of_answers(f"NOTIFY-{moment}-RSP.TXT") == day


class TestReferences:
    def test_as_somebody_types_it(self):
        assert require_reference(" abcdefghijklmnop\n") == "ABCDEFGHIJKLMNOP"

    @pytest.mark.parametrize("typed", ["", "  ", "A|B", "Ä", "A" * 65])
    def test_what_cannot_be_one(self, typed):
        with pytest.raises(InvalidValue, match="is no reference of a letter"):
            require_reference(typed)

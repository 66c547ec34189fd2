"""What a benchmark tells, and the table that is made of it."""

import pytest

from benchmarks.figures import FILE, Figure, Section, number, read, table, tell, tell_more
from benchmarks.programs import PROGRAMS, chosen
from benchmarks.report import Outcome, report


@pytest.mark.parametrize(
    ("figure", "holds"),
    [
        (Figure("a", 5, "ms"), None),
        (Figure("a", 5, "ms", most=5), True),
        (Figure("a", 5.1, "ms", most=5), False),
        (Figure("a", 4, "a second", least=5), False),
        (Figure("a", 8, "a second", baseline=10, least_share=0.8), True),
        (Figure("a", 8, "a second", baseline=10, share=0.79, least_share=0.8), False),
        (Figure("a", 30, "ms", baseline=10, most_share=3), True),
        (Figure("a", 31, "ms", baseline=10, most_share=3), False),
        # Every bound counts.
        (Figure("a", 8, "a second", baseline=10, least=9, least_share=0.8), False),
        # A share that nobody knows holds nothing.
        (Figure("a", 8, "a second", baseline=0, least_share=0.8), False),
    ],
)
def test_whether_a_figure_holds(figure, holds):
    assert figure.holds is holds


def test_a_figure_in_words():
    figure = Figure("rows of a job", 10444, "rows/s", baseline=21939, least=4000, least_share=0.4)
    assert str(figure) == (
        "rows of a job: 10,444 rows/s; baseline 21,939 rows/s; share 48%; to hold: ≥ 4,000, ≥ 40% (yes)"
    )
    assert str(Figure("kills", 25, "")) == "kills: 25"


@pytest.mark.parametrize(
    ("value", "shown"), [(1234.5, "1,234"), (12.34, "12.3"), (1.234, "1.23"), (0.5, "0.50"), (3, "3"), (3.0, "3")]
)
def test_three_digits_or_so(value, shown):
    assert number(value) == shown


def test_what_a_program_tells_is_read(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(FILE, str(tmp_path / "told"))
    figures = [Figure("a", 1.5, "ms", baseline=3.0, most_share=1.0), Figure("b", 2, "")]
    section = Section("Growth", table(("what", "1,000"), [("POST", "2.1")]))
    tell(*figures)
    tell_more(section)
    assert read(tmp_path / "told") == (figures, [section])
    assert "a: 1.50 ms" in capsys.readouterr().out


def test_a_program_that_is_started_alone_tells_nobody(monkeypatch, capsys):
    monkeypatch.delenv(FILE, raising=False)
    tell(Figure("a", 1.5, "ms"))
    assert capsys.readouterr().out == "  a: 1.50 ms\n"


def test_a_program_that_told_nothing(tmp_path):
    assert read(tmp_path / "nothing") == ([], [])


def test_the_report_has_every_figure_and_every_failure():
    told = Outcome("post_sms", [Figure("POST", 80, "a second", baseline=100, least_share=0.85)], [], 61)
    died = Outcome("fairness", [], [Section("What was seen", "Nothing.")], 2, "ended with status 3")
    text = report({"Machine": "two cores"}, [told, died])
    assert "* Machine: two cores" in text
    assert "| POST | 80 a second | 100 a second | 80% | ≥ 85% | **missed** |" in text
    assert "| `fairness` ended with status 3 |  |  |  |  | **failed** |" in text
    assert "0 of 1 bounds hold; 1 programs failed." in text
    assert text.endswith("## What was seen\n\nNothing.")


def test_programs_are_chosen_by_module_or_by_name():
    assert chosen([]) == list(PROGRAMS)
    assert [program.name for program in chosen(["job_drain"])] == ["job_drain embedded", "job_drain celery"]
    (program,) = chosen(["job_drain celery"])
    assert (program.module, program.arguments) == ("job_drain", ["celery"])


def test_an_unknown_program_is_named():
    with pytest.raises(SystemExit, match="no benchmark is called speed; there are: broadcast_drain, "):
        chosen(["speed"])

from hypothesis import given, settings
from hypothesis import strategies as st

from notify_adapters.letter_renderer.faces import BOLD, REGULAR, printable
from notify_adapters.letter_renderer.lines import Run, plain, width_of, wrap

runs = st.lists(st.builds(Run, st.text(max_size=80).map(printable), st.booleans()), max_size=5)


def shown(lines):
    return ["".join(run.text for run in line) for line in lines]


@settings(deadline=None)
@given(runs, st.floats(60, 500))
def test_no_line_is_too_wide_and_nothing_is_lost(given_runs, width):
    lines = list(wrap(given_runs, 11, width))
    assert all(width_of(line, 11) <= width + 0.001 for line in lines)
    assert "".join("".join(shown(lines)).split(" ")) == "".join("".join(run.text for run in given_runs).split(" "))


@given(runs)
def test_words_that_fit_are_whole(given_runs):
    words = "".join(run.text for run in given_runs).split()
    assert "".join(shown(wrap(given_runs, 1, 100_000))).split() == words


def test_a_word_may_change_its_face():
    (line,) = wrap([Run("see (", bold=False), Run("a.example", bold=True), Run(")")], 11, 500)
    assert line == (Run("see ("), Run("a.example", bold=True), Run(")"))


def test_a_long_word_is_broken_at_a_joint_or_anywhere():
    width = REGULAR.width("abcdefghij", 11)
    assert shown(wrap(plain("www.abc/defghij"), 11, width)) == ["www.abc/", "defghij"]
    assert shown(wrap(plain("to ABCDEFGHIJKLMN now"), 11, width)) == ["to", "ABCDEF", "GHIJKLM", "N now"]


def test_a_joint_that_leaves_most_of_a_line_empty_is_none():
    (first, *_) = shown(wrap(plain("a/" + "b" * 40), 11, REGULAR.width("b" * 20, 11)))
    assert len(first) > 15


def test_what_holds_words_together_does():
    width = REGULAR.width("we go 10 ", 11)
    assert shown(wrap(plain("we go 10 km"), 11, width)) == ["we go 10", "km"]
    assert shown(wrap(plain("we go 10\u202fkm"), 11, width)) == ["we go", "10\u00a0km"]


def test_both_faces_show_the_same_characters():
    assert REGULAR._widths.keys() == BOLD._widths.keys()


def test_what_is_printed_of_odd_characters():
    assert printable("w\u0302 a\u0301") == "ŵ á"
    assert printable("a\tb\nc\u2003d\u2028e") == "a b c d e"
    assert printable("\u202eno\u200b\u00ad\0 way\ud800") == "no way"
    assert printable("①②\uff21") == "12A"
    assert printable("漢\U0001f600\ufe0f\ue000\uffff") == "□□□□"

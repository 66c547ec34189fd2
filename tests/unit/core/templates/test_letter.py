from hypothesis import given
from hypothesis import strategies as st

from notify_core.templates.model import Personalisation, prepare, render_letter
from notify_core.templates.model.markdown import Heading, Items, Link, Paragraph

# Values that would be marks if they were the template's.
mischief = st.lists(st.sampled_from([*"#*-^•1. []()\n/a", "https://a.b", "---"])).map("".join)


def letter(text, /, subject="Subject", **values):
    return render_letter(prepare(subject), prepare(text), Personalisation.parse(values))


def test_the_marks_of_a_template_are_what_is_laid_out():
    made = letter("# Dear ((name))\nPay at https://pay.example ,\nor not", subject="About\n((name))", name="Siân")
    assert made.subject == "About Siân"
    assert made.body == "# Dear Siân\nPay at https://pay.example,\nor not"
    assert made.blocks == (
        Heading(1, ("Dear Siân",)),
        Paragraph((("Pay at ", Link("https://pay.example"), ","), ("or not",))),
    )


def test_a_list_of_values_is_a_list_on_paper():
    made = letter("Bring ((things))", things=["a  pen", "* an [ink](https://a.b)"])
    assert made.body == "Bring\n\n* a pen\n* * an [ink](https://a.b)"
    assert made.blocks[1] == Items((("a pen",), ("* an [ink](", Link("https://a.b"), ")")), numbered=False)


@given(mischief)
def test_nothing_in_a_value_is_a_mark(value):
    blocks = letter("((value))", value=value).blocks
    assert all(isinstance(block, Paragraph) for block in blocks)
    assert all(isinstance(part, str) or part.label is None for block in blocks for line in block.lines for part in line)

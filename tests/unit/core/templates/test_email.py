import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.templates.model import Personalisation, prepare, render_email
from notify_core.templates.model.values import clean

scalars = st.text() | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
# Values that would be marks if they were the template's.
mischief = st.lists(
    st.sampled_from([*"#*-^•_1. []()<>&\"'\n/a", "http://a.b", "https://", "</p>", "<script>", "---"])
).map("".join)
EVERYTHING = """# Heading ((a))

((a))
^ inset ((a))

* ((a))
* [label ((a))](https://example.com/((a)))
1. ((a)) ((b))

((b))
https://example.com/?q=((a))
---
"""


class Document(HTMLParser):
    """What a mail program makes of an HTML part: its tags, links and text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.text = [], [], ""
        self.attributes = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.text += data


def email(text, /, subject="Subject", unsubscribe_url=None, **values):
    return render_email(prepare(subject), prepare(text), Personalisation.parse(values), unsubscribe_url=unsubscribe_url)


def body_of(message):
    """The HTML within the document's frame, without styles."""
    html = message.html.partition('text-align: left;">')[2].partition("</td></tr></table>")[0]
    return re.sub(r' (?:style|class)="[^"]*"', "", html.replace("\n", ""))


@pytest.mark.parametrize(
    ("text", "html", "plain"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>", "one\ntwo\n\nthree\n"),
        ("# Head\ntext", "<h2>Head</h2><p>text</p>", "Head\n----\n\ntext\n"),
        ("## Sub", "<h3>Sub</h3>", "Sub\n---\n"),
        ("###### Deep", "<h3>Deep</h3>", "Deep\n----\n"),
        ("#1 is no heading", "<p>#1 is no heading</p>", "#1 is no heading\n"),
        ("* a\n- b\n\n• c\n•d", "<ul><li>a</li><li>b</li><li>c</li><li>d</li></ul>", "• a\n• b\n• c\n• d\n"),
        ("3. a\n3. b", "<ol><li>a</li><li>b</li></ol>", "1. a\n2. b\n"),
        ("* a\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>", "• a\n\n1. b\n"),
        ("* a\ntext", "<ul><li>a</li></ul><p>text</p>", "• a\n\ntext\n"),
        ("**bold** -5", "<p>**bold** -5</p>", "**bold** -5\n"),
        ("^ a\n^b\n\n^c", "<div><p>a<br>b</p></div><div><p>c</p></div>", "  a\n  b\n\n  c\n"),
        ("a\n---\nb", "<p>a</p><hr><p>b</p>", f"a\n\n{'=' * 65}\n\nb\n"),
        ("***", "<hr>", f"{'=' * 65}\n"),
        (
            "[the map](https://example.com/a?b=1&c=2) or",
            '<p><a href="https://example.com/a?b=1&amp;c=2">the map</a> or</p>',
            "the map: https://example.com/a?b=1&c=2 or\n",
        ),
        (
            "(see https://example.com/a_(b)).",
            '<p>(see <a href="https://example.com/a_(b)">https://example.com/a_(b)</a>).</p>',
            "(see https://example.com/a_(b)).\n",
        ),
        ("[no](javascript:alert(1))", "<p>[no](javascript:alert(1))</p>", "[no](javascript:alert(1))\n"),
        ("<b>&</b>", "<p>&lt;b&gt;&amp;&lt;/b&gt;</p>", "<b>&</b>\n"),
        ("", "", "\n"),
    ],
)
def test_marks_of_a_template(text, html, plain):
    message = email(text)
    assert body_of(message) == html
    assert message.plain == plain


def test_values_are_filled_in_and_lists_become_bullets():
    message = email("Dear ((name)) ,\nbring: ((things))\nBye ((n))", name="Ada", things=["a", "b\n# c"], n=3)
    assert message.body == "Dear Ada,\nbring:\n\n* a\n* b # c\n\n\nBye 3".replace("\n\n\n", "\n\n")
    assert body_of(message) == "<p>Dear Ada,<br>bring:</p><ul><li>a</li><li>b # c</li></ul><p>Bye 3</p>"
    assert message.plain == "Dear Ada,\nbring:\n\n• a\n• b # c\n\nBye 3\n"


def test_a_subject_is_one_line_with_values_as_in_a_sentence():
    message = email("x", subject=" Bring ((things))\n((what)) ", things=["a", "b"], what="<now>\r\nBcc: all")
    assert message.subject == "Bring a and b <now> Bcc: all"
    assert "<title>Bring a and b &lt;now&gt; Bcc: all</title>" in message.html


def test_lines_of_a_value_stay_lines_but_never_become_marks():
    value = "# no heading\n\n* no list\n1. none\n^ no inset\n---\n[no](https://link.example)"
    message = email("((value))", value=value)
    assert message.plain == f"{value}\n"
    assert message.body == value
    document = Document(message.html)
    assert not {"h2", "h3", "ul", "ol", "li", "hr"} & set(document.tags)
    assert document.links == ["https://link.example"]


def test_a_value_can_be_the_target_of_a_templates_link_or_a_link_of_its_own():
    message = email("[pay](((url))) or ((url)).", url="https://pay.example/(a)?b=1&c=2")
    assert Document(message.html).links == ["https://pay.example/(a)?b=1&c=2"] * 2
    assert message.plain == "pay: https://pay.example/(a)?b=1&c=2 or https://pay.example/(a)?b=1&c=2.\n"


def test_a_value_does_not_end_a_link_early():
    message = email("[((text))](https://good.example)", text="a](https://bad.example)")
    assert Document(message.html).links == ["https://good.example"]
    assert message.plain == "a](https://bad.example): https://good.example\n"


def test_the_foot_offers_to_unsubscribe():
    message = email("x", unsubscribe_url="https://example.com/u?a=1&b=2")
    assert Document(message.html).links == ["https://example.com/u?a=1&b=2"]
    assert message.plain.endswith("\n\nUnsubscribe from these emails: https://example.com/u?a=1&b=2\n")


def test_the_document_is_whole():
    html = email("x").html
    assert html.startswith('<!DOCTYPE html>\n<html lang="en" dir="ltr">\n')
    assert html.endswith("</html>\n")
    frame = ["body", "div", "table", "tr", "td", "table", "tr", "td"]
    assert Document(html).tags == ["html", "head", *["meta"] * 6, "style", "title", *frame, "p"]


def preview_of(message):
    """What a list of messages shows beside the subject."""
    return message.html.partition('mso-hide: all;">')[2].partition("</div>")[0]


def test_lists_of_messages_show_how_it_begins():
    message = email(
        "# Dear ((name))\n\n---\n* one\n* [two](https://example.com)\nhttps://example.com/long\n^ in", name="<Ada>"
    )
    assert preview_of(message) == "Dear &lt;Ada&gt; one two in"
    assert preview_of(email("a " * 300)) == ("a " * 75)
    assert preview_of(email("")) == ""


def test_dark_pages_have_colours_of_their_own():
    html = email("# h\n\n* i\n\n^ n\n\n---\n\nhttps://example.com", unsubscribe_url="https://example.com/u").html
    assert "@media (prefers-color-scheme: dark)" in html
    for element in re.findall(r"<[^>]*(?:background|color): ?#[^>]*>", html):
        assert 'class="' in element


@given(mischief | scalars, st.lists(mischief | scalars))
def test_no_value_becomes_markup(value, items):
    message = email(EVERYTHING, subject="((a))", a=value, b=items)
    document = Document(message.html)
    tame = Document(email(EVERYTHING, subject="((a))", a="a", b=["a"] * len(items)).html)
    assert set(document.tags) <= {*tame.tags, "a", "br"}
    assert document.attributes <= {*tame.attributes, "href"}
    for tag in ("h2", "hr", "ol", "div", "script", "body", "html", "title"):
        assert document.tags.count(tag) <= tame.tags.count(tag)
    assert all(link.startswith(("http://", "https://")) for link in document.links)


@given(st.text() | mischief)
def test_one_line_changes_the_text_and_never_the_structure(value):
    # A link is a structure of its own, so the value may hold none, also when what cannot be sent has gone.
    line = re.sub(":/+", ":", " ".join(clean(value).split()))
    frame = email("# Head ((a)) x\n\n* x ((a))\n\nx ((a)) x\n^ x ((a))", a=line)
    tame = email("# Head ((a)) x\n\n* x ((a))\n\nx ((a)) x\n^ x ((a))", a="a")
    assert Document(frame.html).tags == Document(tame.html).tags


@given(st.text() | mischief)
def test_any_template_makes_an_email_whose_parts_can_be_encoded(text):
    message = email(text, subject=text)
    for part in (message.subject, message.body, message.plain, message.html):
        part.encode()
        assert not any("\ufdd0" <= character <= "\ufdef" for character in part)
    assert "\n" not in message.subject
    assert "<script" not in message.html


@pytest.mark.parametrize(
    "unit", ["* a\n", "a\n", "[", "[a](", "[a](https://", "https://a", "(", "https://a((", "^", "# "]
)
def test_long_texts_take_no_time(unit):
    begin = time.monotonic()
    email(unit * 20_000)
    email("x ((a)) x", a=unit * 20_000)
    assert time.monotonic() - begin < 10

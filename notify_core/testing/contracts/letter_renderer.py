"""How everything that puts letters on paper behaves."""

import re
from dataclasses import replace

import pytest

from notify_core.letters.policies.content import LetterContent
from notify_core.letters.policies.printable import MOST_PAGES
from notify_core.letters.ports import LetterRenderer, LetterUnprintable
from notify_core.templates.model.markdown import Block, parse

LETTER = LetterContent(
    address=("Siân Grŵp", "1 Stryd Fawr", "CF10 1AA"),
    contact_block=("Cyngor Dref", "Neuadd y Ddinas", "CF10 3ND"),
    date="5 January 2026",
    subject="Eich pleidlais",
    body=parse("Annwyl Siân,\n\nMae'r ŵyl yn dechrau ddydd Llun."),
)
_PAGE = re.compile(rb"/Type\s*/Page\b")
_A4 = re.compile(rb"/MediaBox\s*\[\s*0 0 595\.2\d* 841\.8\d*\s*\]")
# Half a pair of surrogates, a non-character, what controls, what no font has, what would be code in a PDF.
_ODD = (
    "\ud800 \udfff \uffff \ufdd0",
    "\0\x1b\x7f\u202e\u2066\u200d\ufeff\u00ad",
    "\U0001f600 \U000e0041 漢字 עברית ไทย",
    ") Tj ET Q endstream endobj (\\",
    "<b>&amp;</b> <para> %(x)s {0}",
    "e\u0301\u0302\u0303" * 50,
    "\n\r\u2028\u2029\t\x0b\x0c",
    "",
    " ",
)


def of_paragraphs(number: int) -> tuple[Block, ...]:
    """A body that is about a page long for every 15."""
    return parse("\n\n".join(["The river has risen and is still rising. " * 5] * number))


class LetterRendererContract:
    """Supply ``renderer``."""

    @pytest.fixture
    def renderer(self) -> LetterRenderer:
        raise NotImplementedError

    def test_a_short_letter_is_one_page_of_a4(self, renderer: LetterRenderer) -> None:
        letter = renderer.render(LETTER)
        assert letter.pages == 1
        assert letter.pdf.startswith(b"%PDF-")
        assert letter.pdf.rstrip().endswith(b"%%EOF")
        assert _A4.search(letter.pdf)

    def test_it_has_the_pages_it_says(self, renderer: LetterRenderer) -> None:
        letters = [renderer.render(replace(LETTER, body=of_paragraphs(number))) for number in (1, 30, 60)]
        assert [letter.pages for letter in letters] == [len(_PAGE.findall(letter.pdf)) for letter in letters]
        assert letters[0].pages < letters[1].pages < letters[2].pages <= MOST_PAGES

    def test_the_same_content_makes_the_same_bytes(self, renderer: LetterRenderer) -> None:
        first = renderer.render(LETTER)
        other = renderer.render(replace(LETTER, subject="Another"))
        assert renderer.render(LETTER) == first
        assert other.pdf != first.pdf

    def test_nothing_but_an_address_is_a_letter(self, renderer: LetterRenderer) -> None:
        bare = LetterContent(LETTER.address, (), LETTER.date, "", ())
        assert renderer.render(bare).pages == 1

    @pytest.mark.parametrize("text", _ODD, ids=range(len(_ODD)))
    def test_any_text_is_printed(self, renderer: LetterRenderer, text: str) -> None:
        odd = LetterContent(
            (text,) * 3, (text,) * 3, text, text, (*parse(text), *parse(f"# {text}\n* {text}\n1. {text}"))
        )
        assert renderer.render(odd).pages == 1

    def test_a_word_that_is_longer_than_a_line(self, renderer: LetterRenderer) -> None:
        assert renderer.render(replace(LETTER, subject="w" * 500, body=parse("w" * 2_000))).pages in {1, 2}

    def test_every_mark_of_a_template(self, renderer: LetterRenderer) -> None:
        marked = "# Heading\n\n## Smaller\n\n* a\n* b\n\n1. a\n2. b\n\n^ inset\n^ more\n\n---\n\n[a](https://b.c) https://d.e."
        assert renderer.render(replace(LETTER, body=parse(marked))).pages == 1

    def test_too_many_pages_are_refused(self, renderer: LetterRenderer) -> None:
        with pytest.raises(LetterUnprintable, match=f"more than {MOST_PAGES} pages"):
            renderer.render(replace(LETTER, body=of_paragraphs(1_000)))

    def test_an_address_that_the_window_cannot_show_is_refused(self, renderer: LetterRenderer) -> None:
        with pytest.raises(LetterUnprintable, match="address"):
            renderer.render(replace(LETTER, address=("1 High Street",) * 30))

    def test_a_contact_block_that_the_page_cannot_hold_is_refused(self, renderer: LetterRenderer) -> None:
        with pytest.raises(LetterUnprintable, match="contact block"):
            renderer.render(replace(LETTER, contact_block=("1 High Street",) * 200))

    def test_a_refusal_says_nothing_of_the_content(self, renderer: LetterRenderer) -> None:
        with pytest.raises(LetterUnprintable) as refusal:
            renderer.render(replace(LETTER, address=("Sybil",) * 30, body=parse("Secret " * 100_000)))
        assert not re.search("Sybil|Secret", str(refusal.value))

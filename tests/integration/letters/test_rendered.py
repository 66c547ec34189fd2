"""What stands where on rendered letters, read back from the file."""

import re
import threading
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify_adapters.letter_renderer.reportlab import build
from notify_core.letters.policies.printable import ADDRESS_WINDOW, PRINTABLE
from notify_core.letters.ports import LetterUnprintable
from notify_core.templates.model.markdown import parse
from notify_core.testing.contracts.letter_renderer import LETTER, of_paragraphs
from tests.integration.letters.reading import read
from tests.integration.letters.samples import LONG, PLAIN, SAMPLES, WELSH


def pages_of(content):
    return read(build({}).render(content).pdf)


def text_of(body):
    return "\n".join(page.text for page in pages_of(replace(LETTER, body=parse(body))))


every_sample = pytest.mark.parametrize("content", SAMPLES.values(), ids=SAMPLES)


@every_sample
def test_the_window_shows_the_address_and_nothing_else(content):
    assert pages_of(content)[0].text_in(ADDRESS_WINDOW).split("\n") == list(content.address)


@every_sample
def test_all_of_the_address_is_in_the_window(content):
    first = pages_of(content)[0]
    inside = sum(ADDRESS_WINDOW.holds(area) for area in first.areas)
    across = sum(ADDRESS_WINDOW.meets(area) and not ADDRESS_WINDOW.holds(area) for area in first.areas)
    assert inside >= len("".join("".join(content.address).split()))
    assert not across


@every_sample
def test_everything_is_where_it_can_be_printed(content):
    assert all(PRINTABLE.holds(area) for page in pages_of(content) for area in page.areas)


@every_sample
def test_every_page_has_its_number(content):
    pages = pages_of(content)
    for number, page in enumerate(pages, start=1):
        assert page.text.strip().endswith(f"Page {number} of {len(pages)}")


@every_sample
def test_the_fonts_are_in_the_file(content):
    with pikepdf.open(BytesIO(build({}).render(content).pdf)) as document:
        fonts = [font for page in document.pages for font in page.Resources.Font.values()]
        assert fonts
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_who_writes_and_when_and_what_about():
    text = pages_of(PLAIN)[0].text
    assert all(line in text for line in PLAIN.contact_block)
    assert PLAIN.date in text
    assert PLAIN.subject in text


def test_welsh_and_other_letters_are_themselves():
    text = pages_of(WELSH)[0].text
    assert "â ê î ô û ŵ ŷ, Â Ê Î Ô Û Ŵ Ŷ, á é í ó ú ẃ ý, à è ì ò ù ẁ ỳ, ä ë ï ö ü ẅ ÿ" in " ".join(text.split())
    assert "Łódź, Dvořák, Ærø, Þingvellir, İstanbul" in text
    assert "漢" not in text


def test_an_accent_typed_after_its_letter_stands_on_it():
    assert "ŵyl" in text_of("w\u0302yl")


def test_what_a_value_has_of_markup_is_printed():
    hostile = "<b>bold</b> &amp; <font color='red'> %(x)s ) Tj ET (\\"
    assert hostile in text_of(hostile)


def test_links_can_be_typed():
    text = text_of("Look at [our page](https://a.example/b) or http://c.example.")
    assert "Look at our page (a.example/b) or http://c.example." in text


def test_lists_are_numbered_and_marked():
    text = text_of("* one\n* two\n\n1. first\n2. second")
    assert re.search(r"•\s*one\s*•\s*two\s*1\.\s*first\s*2\.\s*second", text)


def test_a_heading_is_not_the_last_of_its_page():
    for page in pages_of(LONG):
        last = page.text.strip().split("\n")[-2]
        assert not re.fullmatch(r"\d\. Section", last)


@pytest.mark.parametrize("before", range(30, 60))
def test_no_line_of_a_paragraph_is_alone_on_a_page(before):
    """Whatever is above it."""
    body = "\n".join(["line"] * before) + "\n\n" + "word " * 60
    for page in pages_of(replace(LETTER, body=parse(body))):
        assert sum("word" in line for line in page.text.split("\n")) != 1


def test_ten_pages_are_printed_and_no_more():
    pages = [_pages(paragraphs) for paragraphs in range(150, 200)]
    refused = pages.index(None)
    assert pages[refused - 1] == 10
    assert set(pages[refused:]) == {None}


def _pages(paragraphs):
    """None: it is refused."""
    try:
        return build({}).render(replace(LETTER, body=of_paragraphs(paragraphs))).pages
    except LetterUnprintable:
        return None


def test_an_endless_letter_is_refused_at_once():
    endless = replace(LETTER, body=parse("word " * 400_000))
    with pytest.raises(LetterUnprintable):
        build({}).render(endless)


def test_an_address_of_long_lines_is_shown_whole():
    long = replace(LETTER, address=("An address with a name that goes on and on and on and does not fit",) * 3)
    shown = pages_of(long)[0].text_in(ADDRESS_WINDOW)
    assert " ".join(shown.split()) == " ".join(long.address)


texts = st.text(max_size=300)


@settings(deadline=None)
@given(texts, texts, texts, texts)
def test_any_text_is_printed_where_it_may_be(address, contact, subject, body):
    content = replace(LETTER, address=(address,), contact_block=(contact,), subject=subject, body=parse(body))
    try:
        pages = pages_of(content)
    except LetterUnprintable:
        return
    assert all(PRINTABLE.holds(area) for page in pages for area in page.areas)


def test_letters_are_rendered_side_by_side():
    renderer = build({})
    alone = {name: renderer.render(content) for name, content in SAMPLES.items()}
    different = []

    def work():
        for _ in range(10):
            different.extend(name for name, content in SAMPLES.items() if renderer.render(content) != alone[name])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not different

from datetime import UTC, date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from notify_core.letters.policies.content import LetterContent, content_of
from notify_core.templates.model import TemplateType
from notify_core.templates.model.markdown import Paragraph
from notify_core.testing.builders import a_letter, a_template


def test_a_letter_says_to_whom_from_whom_when_and_what():
    template = a_template(
        type=TemplateType.LETTER,
        subject="Dear ((name))",
        content="Come on ((day)).",
        letter_contact_block="Town Hall\r\n\n  1 Square \nCF10 1AA\n",
    )
    letter = a_letter(
        to="Siân\n1 Stryd Fawr\nCF10 1AA",
        personalisation={"name": "Siân", "day": "# Monday"},
        created_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
    )
    assert content_of(letter, template) == LetterContent(
        address=("Siân", "1 Stryd Fawr", "CF10 1AA"),
        contact_block=("Town Hall", "1 Square", "CF10 1AA"),
        date="1 July 2026",
        subject="Dear Siân",
        body=(Paragraph((("Come on # Monday.",),)),),
    )


@given(st.dates(date(1996, 1, 1), date(2099, 12, 31)))
def test_the_date_is_in_words(day):
    letter = a_letter(created_at=datetime.combine(day, time(12), tzinfo=UTC))
    content = content_of(letter, a_template(type=TemplateType.LETTER, subject="s"))
    assert content.date == f"{day.day} {day:%B} {day.year}"
    assert content.contact_block == ()

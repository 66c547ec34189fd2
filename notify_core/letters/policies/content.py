"""What stands on a letter that is made of a template."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from notify_core.kernel.calendar import london_date
from notify_core.letters.model import Letter
from notify_core.templates.model import LetterMessage, Personalisation, Template, prepare, render_letter
from notify_core.templates.model.markdown import Block

_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class LetterContent:
    """The texts of a letter, without marks: whatever is in them is printed as it is.

    ``contact_block`` says who writes, a line each; ``date`` is the day's as it is printed.
    """

    address: tuple[str, ...]
    contact_block: tuple[str, ...]
    date: str
    subject: str
    body: tuple[Block, ...]


def content_of(letter: Letter, template: Template) -> LetterContent:
    """``template`` is the version that the letter was accepted with. The date is that of London at that time."""
    message = letter_message(template, letter.personalisation)
    day = london_date(letter.created_at)
    return LetterContent(
        address=_lines(letter.to),
        contact_block=_lines(template.letter_contact_block or ""),
        date=f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
        subject=message.subject,
        body=message.blocks,
    )


def letter_message(template: Template, personalisation: Mapping[str, object]) -> LetterMessage:
    """The subject and text of one letter."""
    values = Personalisation.parse(personalisation)
    return render_letter(prepare(template.subject or ""), prepare(template.content), values)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in (line.strip() for line in text.splitlines()) if line)

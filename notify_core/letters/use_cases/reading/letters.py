"""A letter as its service sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from notify_core.letters.model import Letter, LetterRate
from notify_core.letters.policies import estimated_delivery
from notify_core.letters.policies.content import letter_message
from notify_core.letters.policies.costs import cost_of_letter
from notify_core.letters.ports import BankHolidays, LettersWork
from notify_core.notifications.model import Cost
from notify_core.templates.model import Template


@dataclass(frozen=True, slots=True)
class LetterView:
    """``body`` and ``subject`` are rendered again, as they were sent; of an uploaded letter those of the template that
    uploads belong to. ``cost`` is None until it is known; ``estimated_delivery`` is when it arrives at the latest."""

    letter: Letter
    body: str
    subject: str
    cost: Cost | None
    estimated_delivery: datetime


def letter_view_of(work: LettersWork, letter: Letter, holidays: BankHolidays) -> LetterView:
    """The letter as its service sees it."""
    template = work.templates.get(letter.service_id, letter.template_id, letter.template_version)
    return letter_view(letter, template, work.letter_rates.all(), holidays)


def letter_view(letter: Letter, template: Template, rates: Iterable[LetterRate], holidays: BankHolidays) -> LetterView:
    """The letter with what is made of it and what is known; ``template`` is its version."""
    message = letter_message(template, letter.personalisation)
    arrives = estimated_delivery(letter.created_at, letter.postage, holidays)
    return LetterView(letter, message.body, message.subject, cost_of_letter(letter, rates), arrives)

"""Letters made of a template: a subject and a text, which are laid out elsewhere."""

from dataclasses import dataclass

from notify_core.templates.model.bullets import protected_with_bullets, with_bullets
from notify_core.templates.model.markdown import Block, parse
from notify_core.templates.model.placeholders import PreparedText
from notify_core.templates.model.values import Personalisation, as_text
from notify_core.templates.model.white_space import one_line, tidy


@dataclass(frozen=True, slots=True)
class LetterMessage:
    """``body`` is the rendered template with its marks, which the API shows; ``blocks`` are what is printed."""

    subject: str
    body: str
    blocks: tuple[Block, ...]


def render_letter(subject: PreparedText, text: PreparedText, values: Personalisation) -> LetterMessage:
    """The message for one recipient."""
    return LetterMessage(
        one_line(subject.fill(values, as_text)),
        tidy(text.fill(values, with_bullets)),
        parse(tidy(text.fill(values, protected_with_bullets))),
    )

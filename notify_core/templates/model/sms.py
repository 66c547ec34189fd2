"""Text messages made of a template."""

from dataclasses import dataclass

from notify_core.kernel.gsm7 import WELSH_NON_GSM, downgrade, fragments
from notify_core.templates.model.placeholders import PreparedText
from notify_core.templates.model.values import Personalisation, as_text, clean
from notify_core.templates.model.white_space import collapse, one_line, tidy_lines


@dataclass(frozen=True, slots=True)
class SmsMessage:
    """``body`` is the rendered template, which limits count and the API shows; ``content`` is what is
    sent: the body behind the service's name, where it wants that."""

    body: str
    content: str

    @property
    def fragments(self) -> int:
        """How many text messages ``content`` fills."""
        return fragments(self.content)


def plain_gsm(text: PreparedText, values: Personalisation) -> str:
    """``text`` filled in, of letters that a phone shows: GSM-7 and Welsh."""
    # Collapsed once more, since invisible characters may have stood between blanks; but the "?" that
    # stands for an unknown character is no punctuation, so blanks before it stay.
    return collapse(downgrade(tidy_lines(text.fill(values, as_text)), keep=WELSH_NON_GSM))


def render_sms(text: PreparedText, values: Personalisation, *, prefix: str | None = None) -> SmsMessage:
    """The message for one recipient; ``prefix`` is the service's name, where it is to be shown."""
    body = plain_gsm(text, values)
    if prefix is None:
        return SmsMessage(body, body)
    name = one_line(downgrade(clean(prefix), keep=WELSH_NON_GSM))
    return SmsMessage(body, f"{name}: {body}")

"""The text of an emergency alert made of a template."""

from notify_core.templates.model.placeholders import PreparedText
from notify_core.templates.model.sms import plain_gsm
from notify_core.templates.model.values import Personalisation


def render_broadcast(text: PreparedText, values: Personalisation) -> str:
    """The content of a broadcast: as a text message's, without prefix."""
    return plain_gsm(text, values)

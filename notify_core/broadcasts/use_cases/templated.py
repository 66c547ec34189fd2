"""The text of an alert made of a template."""

from collections.abc import Mapping
from dataclasses import dataclass

from notify_core.broadcasts.policies.content import accepted_content
from notify_core.templates.model import Personalisation, Template, prepare, render_broadcast
from notify_core.templates.model.values import as_text
from notify_core.templates.policies import check_complete


@dataclass(frozen=True, slots=True)
class TemplatedText:
    """``personalisation`` is what was given, each value as text, so that it can be shown again."""

    content: str
    personalisation: Mapping[str, str]


def templated(template: Template, given: Mapping[str, object]) -> TemplatedText:
    """Fill the template.

    :raises NotAllowed: a value is missing.
    :raises InvalidValue: a value is of no use in a text, or the text is empty or too long.
    """
    values = Personalisation.parse(given)
    check_complete(template, values)
    content = accepted_content(render_broadcast(prepare(template.content), values), called="Content")
    return TemplatedText(content, {name: as_text(values[name]) for name in given if name in values})

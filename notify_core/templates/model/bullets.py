"""Lists among a sender's values, in messages that can show them as such."""

from notify_core.templates.model.markdown import protected
from notify_core.templates.model.values import Value, as_text


def with_bullets(value: Value) -> str:
    """``value`` as a template's text takes it in, a list as a list of its own."""
    if isinstance(value, list):
        return "\n\n" + "\n".join(f"* {' '.join(item.split())}" for item in value) + "\n\n"
    return as_text(value)


def protected_with_bullets(value: Value) -> str:
    """The same, with nothing in it that is a mark but those bullets."""
    if isinstance(value, list):
        return with_bullets([protected(" ".join(item.split())) for item in value])
    return protected(as_text(value))

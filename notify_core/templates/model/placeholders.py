"""``((name))`` and ``((name??text))``: found once per text, filled for each message."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from notify_core.templates.model.values import Personalisation, Value, clean, is_true_like, placeholder_key

# A name has no brackets; the text of a conditional may have pairs of them. No two alternatives of a
# repetition begin alike, so that matching takes linear time on any text.
_PLACEHOLDER = re.compile(
    r"""
    \(\(
    (?P<name> (?: [^()?] | \?(?!\?) )+ )
    (?: \?\? (?P<text> (?: [^()] | \([^()]*\) )* ) )?
    \)\)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``text`` is what a conditional one shows when its value is true-like; None: the value itself."""

    name: str
    text: str | None = None

    @property
    def key(self) -> str:
        return placeholder_key(self.name)


@dataclass(frozen=True, slots=True)
class PreparedText:
    """A template's text taken apart into what stays and what is filled in. Made by :func:`prepare`."""

    parts: tuple[str | Placeholder, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The placeholders in the text's order, each once and as first spelt."""
        first: dict[str, str] = {}
        for part in self.parts:
            if isinstance(part, Placeholder):
                first.setdefault(part.key, part.name)
        return tuple(first.values())

    def fill(self, values: Personalisation, write: Callable[[Value], str]) -> str:
        """The text with each placeholder's value as ``write`` puts it; a missing value is empty."""
        return "".join(part if isinstance(part, str) else _filled(part, values, write) for part in self.parts)


def _filled(placeholder: Placeholder, values: Personalisation, write: Callable[[Value], str]) -> str:
    value = values.get(placeholder.key)
    if value is None:
        return ""
    if placeholder.text is None:
        return write(value)
    return placeholder.text if is_true_like(value) else ""


@lru_cache(maxsize=512)
def prepare(text: str) -> PreparedText:
    """Find the placeholders in ``text``; brackets that hold no name are text."""
    cleaned = clean(text)
    parts: list[str | Placeholder] = []
    end = 0
    for match in _PLACEHOLDER.finditer(cleaned):
        if placeholder_key(match["name"]):
            parts += [cleaned[end : match.start()], Placeholder(match["name"].strip(), match["text"])]
            end = match.end()
    parts.append(cleaned[end:])
    return PreparedText(tuple(part for part in parts if part))

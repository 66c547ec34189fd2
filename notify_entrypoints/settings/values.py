"""Texts in, checked values out; errors name the variable and what it may be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from notify_core.broadcasts.policies.duration import LONGEST, SHORTEST
from notify_entrypoints.settings.model import SettingsError

E = TypeVar("E", bound=StrEnum)

_DURATION = re.compile(r"([0-9]{1,6})\s*([smh]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}
_SHORTEST = timedelta(seconds=1)
_LONGEST = timedelta(days=30)


def comma_list(text: str) -> tuple[str, ...]:
    """The parts between commas, each once, without surrounding blanks; empty parts are dropped."""
    return tuple(dict.fromkeys(part for raw in text.split(",") if (part := raw.strip())))


@dataclass(frozen=True, slots=True)
class Values:
    """Variables by name. Never printed: some are secrets."""

    given: Mapping[str, str] = field(repr=False)

    def text(self, name: str) -> str:
        return self.given[name]

    def optional(self, name: str) -> str | None:
        return self.given.get(name)

    def url(self, name: str, default: str | None = None) -> str:
        """An address of the web, without a slash at its end.

        :raises SettingsError: it is something else.
        """
        text = self.given.get(name) or default or ""
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise self._wrong(name, text, "an address that begins with http:// or https://")
        return text.rstrip("/")

    def one_of(self, kind: type[E], name: str, default: E | None = None) -> E:
        """:raises SettingsError: it is none of the members' values."""
        if default is not None and name not in self.given:
            return default
        try:
            return kind(self.given[name])
        except ValueError:
            listed = ", ".join(member.value for member in kind)
            raise self._wrong(name, self.given[name], f"one of {listed}") from None

    def integer(self, name: str, lowest: int, highest: int) -> int:
        """:raises SettingsError: it is not a whole number, or out of range."""
        text = self.given[name]
        if re.fullmatch("[0-9]{1,10}", text) and lowest <= int(text) <= highest:
            return int(text)
        raise self._wrong(name, text, f"a whole number from {lowest} to {highest}")

    def boolean(self, name: str) -> bool:
        """:raises SettingsError: it is neither true nor false."""
        if (text := self.given[name].lower()) in {"true", "false"}:
            return text == "true"
        raise self._wrong(name, self.given[name], "true or false")

    def duration(self, name: str) -> timedelta:
        """:raises SettingsError: it is no duration, none at all, or longer than 30 days."""
        return self._duration_within(name, _SHORTEST, _LONGEST, "at most 30 days")

    def alert_duration(self, name: str) -> timedelta:
        """:raises SettingsError: it is no duration, or no alert may last so short or long."""
        return self._duration_within(name, SHORTEST, LONGEST, "at least 5 minutes, at most 22 hours 30 minutes")

    def _duration_within(self, name: str, shortest: timedelta, longest: timedelta, limits: str) -> timedelta:
        if match := _DURATION.fullmatch(self.given[name]):
            duration = timedelta(seconds=int(match[1]) * _SECONDS[match[2]])
            if shortest <= duration <= longest:
                return duration
        raise self._wrong(name, self.given[name], f"a duration such as 90m, 4h or 3600 (seconds), {limits}")

    @staticmethod
    def _wrong(name: str, text: str, wanted: str) -> SettingsError:
        return SettingsError(f"{name}={text!r} is not {wanted}")

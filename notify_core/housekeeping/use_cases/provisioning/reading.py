"""Reading a document strictly: whatever is wrong is named by its place, as ``services[0].users[1].id``."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.kernel.texts import is_storable

E = TypeVar("E", bound=StrEnum)

# What databases keep as an integer.
LARGEST_NUMBER: Final = 2**31 - 1

# Takes a value and its place; returns what it stands for.
Reader = Callable[[object, str], Any]


class Table:
    """A table of the document and its place in it."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, Mapping):
            raise InvalidValue(f"{place or 'the file'}: must be a table")
        self._values = value
        self.place = place

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def value(self, key: str) -> object:
        """What is written there.

        :raises InvalidValue: nothing.
        """
        if key not in self._values:
            raise InvalidValue(f"{self.at(key)}: is missing")
        return self._values[key]

    def read_any(self, reader: Reader) -> dict[str, Any]:
        """Every key, whatever it is called, as ``reader`` understands it.

        :raises InvalidValue: a value is not what it should be.
        """
        return {key: reader(value, self.at(key)) for key, value in self._values.items()}

    def read(self, readers: Mapping[str, Reader], *, required: tuple[str, ...] = ()) -> dict[str, Any]:
        """The keys that are there, each as its reader understands it.

        :raises InvalidValue: an unknown key, a missing one, or a value that is not what it should be.
        """
        for key in self._values:
            if key not in readers:
                raise InvalidValue(f"{self.at(key)}: unknown key; known are {', '.join(sorted(readers))}")
        for key in required:
            self.value(key)
        return {key: readers[key](value, self.at(key)) for key, value in self._values.items()}


def text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidValue(f"{place}: must be a text that is not empty")
    if not is_storable(value):
        raise InvalidValue(f"{place}: contains characters that cannot be kept")
    return value


def flag(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue(f"{place}: must be true or false")
    return value


def uuid(value: object, place: str) -> UUID:
    try:
        return UUID(text(value, place))
    except ValueError:
        raise InvalidValue(f"{place}: must be a UUID") from None


def number(minimum: int = 0) -> Reader:
    """A whole number, at least ``minimum``."""

    def read(value: object, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
            raise InvalidValue(f"{place}: must be a whole number, at least {minimum}")
        if value > LARGEST_NUMBER:
            raise InvalidValue(f"{place}: must not be more than {LARGEST_NUMBER}")
        return value

    return read


def choice(kind: type[E]) -> Callable[[object, str], E]:
    """One of the words of ``kind``."""
    return one_of(tuple(kind))


def one_of(members: Sequence[E]) -> Callable[[object, str], E]:
    """One of the words of these members of a kind."""
    by_word = {member.value: member for member in members}

    def read(value: object, place: str) -> E:
        if not isinstance(value, str) or value not in by_word:
            raise InvalidValue(f"{place}: must be one of {', '.join(by_word)}")
        return by_word[value]

    return read


def each(reader: Reader) -> Reader:
    """A list of what ``reader`` reads."""

    def read(value: object, place: str) -> list[Any]:
        if not isinstance(value, list):
            raise InvalidValue(f"{place}: must be a list")
        return [reader(item, f"{place}[{number_}]") for number_, item in enumerate(value)]

    return read


def accepted_by(check: Callable[[str], object]) -> Reader:
    """A text that ``check`` does not refuse."""

    def read(value: object, place: str) -> str:
        written = text(value, place)
        try:
            check(written)
        except (InvalidValue, NotAllowed) as error:
            raise InvalidValue(f"{place}: {error}") from None
        return written

    return read


tables: Reader = each(Table)

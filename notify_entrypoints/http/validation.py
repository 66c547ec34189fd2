"""Checking requests against schemas, with the messages of the published API."""

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, Self

from flask import request
from jsonschema import Draft202012Validator, ValidationError

from notify_core.kernel.errors import NotAllowed
from notify_core.kernel.texts import is_storable
from notify_entrypoints.http.formats import FORMATS
from notify_entrypoints.http.quick import is_right
from notify_entrypoints.http.schemas.parts import Schema

INVALID_JSON = "Invalid JSON supplied in POST data"

# A list may hold a million wrong items; nobody reads more faults than these, nor longer ones.
MOST_FAULTS = 20
LONGEST_MESSAGE = 2000

# Whose texts the core cleans itself: what a message cannot carry is left out of it, and no reason to refuse it.
_CLEANED = frozenset({"personalisation", "csv"})

_VALIDATORS: dict[int, Draft202012Validator] = {}


class ValidationFailed(Exception):
    """The request is not what the schema describes; ``messages`` has one text for each fault."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


class WrittenNumber(Decimal):
    """A number that keeps the digits it was written with: 1.10 stays 1.10 in a message."""

    _text: str

    def __new__(cls, text: str) -> Self:
        try:
            number = super().__new__(cls, text)
        except InvalidOperation:
            raise ValueError("its exponent is beyond what can be told") from None
        number._text = text
        return number

    def __str__(self) -> str:
        return self._text

    __repr__ = __str__


def json_body(schema: Schema) -> dict[str, Any]:
    """The request's JSON object, checked; whatever its content type says.

    :raises NotAllowed: it is not JSON.
    :raises ValidationFailed: it is not what ``schema`` describes.
    """
    return json_body_by(lambda _: schema)


def json_body_by(choose: Callable[[Any], Schema]) -> dict[str, Any]:
    """As :func:`json_body`, where the request itself says which schema describes it."""
    written = request.get_data()
    try:
        document = _read(written)
    except (ValueError, RecursionError):
        raise NotAllowed(INVALID_JSON) from None
    schema = choose(document)
    try:
        # In ASCII and without escapes there is nothing that cannot be kept.
        if written.isascii() and b"\\" not in written:
            return _checked(document, schema)
        return check(document, schema)
    except RecursionError:
        # Shallow enough to be read, too deep to be quoted in a fault.
        raise NotAllowed(INVALID_JSON) from None


def check(document: Any, schema: Schema) -> dict[str, Any]:
    """``document``, when it is what ``schema`` (of an object) describes, and its texts can be kept.

    :raises ValidationFailed: it is not.
    """
    checked = _checked(document, schema)
    unstorable = list(islice(_unstorable(checked), MOST_FAULTS))
    if unstorable:
        raise ValidationFailed([_shortened(f"{name} contains characters that cannot be kept") for name in unstorable])
    return checked


def _checked(document: Any, schema: Schema) -> dict[str, Any]:
    faults = [] if is_right(document, schema) else _faults(document, schema)
    if faults:
        faults.sort(key=lambda fault: [str(part) for part in fault.absolute_path])
        raise ValidationFailed([_message(fault) for fault in faults])
    checked: dict[str, Any] = document
    return checked


def _faults(document: Any, schema: Schema) -> list[ValidationError]:
    return list(islice(_validator_of(schema).iter_errors(document), MOST_FAULTS))


def _validator_of(schema: Schema) -> Draft202012Validator:
    """Made once for each schema. They are constants of modules, and what is made holds them, so that no identity
    comes to mean another one."""
    made = _VALIDATORS.get(id(schema))
    if made is None:
        made = _VALIDATORS[id(schema)] = Draft202012Validator(schema, format_checker=FORMATS)
    return made


def _unstorable(document: Mapping[str, Any]) -> Iterator[str]:
    for name, value in document.items():
        if name not in _CLEANED and not all(map(is_storable, _texts([name, value]))):
            yield name


def _texts(value: Any) -> Iterator[str]:
    """All texts in ``value``, names of fields among them."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str(text):
                yield text
            case dict(values):
                waiting += [*values, *values.values()]
            case list(values):
                waiting += values


def _message(fault: ValidationError) -> str:
    field = str(fault.absolute_path[0]) if fault.absolute_path else ""
    # Rules of the core that speak of one field name it themselves.
    said = str(fault.cause).removeprefix(f"{field} ") if fault.cause is not None else fault.message.replace("'", "")
    return _shortened(f"{field} {said}".strip())


def _shortened(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


# Made once: json.loads makes one for every call that has rules of its own.
_DECODER = json.JSONDecoder(parse_float=WrittenNumber, parse_constant=_refuse_constant)


def _read(document: bytes) -> Any:
    return _DECODER.decode(document.decode(json.detect_encoding(document), "surrogatepass"))

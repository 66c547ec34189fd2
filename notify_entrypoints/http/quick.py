"""Whether a document is what its schema describes, told fast and without a reason.

Nearly every request is right. The library that says in the published words what is wrong takes six times as long; it is
asked only about what this one does not find right.
"""

from collections.abc import Callable
from typing import Any

from jsonschema_rs import Draft202012Validator

from notify_core.kernel.errors import NotifyError
from notify_entrypoints.http.formats import FORMATS
from notify_entrypoints.http.schemas.parts import Schema

# By the identity of the schema, which is kept beside it, so that no identity comes to mean another one.
_VALIDATORS: dict[int, tuple[Schema, Draft202012Validator]] = {}


def is_right(document: Any, schema: Schema) -> bool:
    """False: it is not, or cannot be told (a document too deep, text that is half a character)."""
    try:
        return _validator_of(schema).is_valid(document)
    except ValueError:
        return False


def _validator_of(schema: Schema) -> Draft202012Validator:
    made = _VALIDATORS.get(id(schema))
    if made is None:
        validator = Draft202012Validator(dict(schema), validate_formats=True, formats=_FORMATS)
        made = _VALIDATORS[id(schema)] = schema, validator
    return made[1]


def _answering(checks: Callable[[object], bool]) -> Callable[[str], bool]:
    def accepts(value: str) -> bool:
        try:
            return checks(value)
        except NotifyError:
            return False

    return accepts


_FORMATS = {name: _answering(checks) for name, (checks, _) in FORMATS.checkers.items()}

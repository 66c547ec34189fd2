"""What schemas are made of. They are JSON Schema of the draft that OpenAPI 3.1 has, so that one text validates
and documents."""

from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
UUID: Schema = {"type": "string", "format": "uuid"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
# Answers have them to the microsecond; requests may write them in any ISO 8601 way.
MOMENT: Schema = {"type": "string", "format": "date-time", "examples": ["2026-01-05T12:00:00.000000Z"]}
MOMENT_ASKED: Schema = {"type": "string", "format": "datetime", "examples": ["2026-01-05T12:00:00Z"]}
URL: Schema = {"type": "string", "format": "uri"}


def an_object(
    properties: Mapping[str, Schema], required: Sequence[str] = (), *, title: str | None = None, says: str | None = None
) -> Schema:
    """An object that has no other keys than these. One with a ``title`` is a component of the document."""
    words = {"title": title, "description": says}
    return {
        **{name: word for name, word in words.items() if word is not None},
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def answered(properties: Mapping[str, Schema], *, title: str | None = None, says: str | None = None) -> Schema:
    """An object that always has all of these keys, which is what answers are."""
    return an_object(properties, tuple(properties), title=title, says=says)


def or_null(schema: Schema) -> Schema:
    """``schema`` of one type, or null."""
    widened = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        widened["enum"] = [*schema["enum"], None]
    return widened


def one_of(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


def a_list(items: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": items, **limits}


def described(schema: Schema, text: str) -> Schema:
    """``schema`` with what it means."""
    return {**schema, "description": text}

"""An OpenAPI document as people read it: operations by group, properties a row each, types in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import escape

Json = Mapping[str, Any]

_COMPONENT = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Described:
    """One operation and its place."""

    method: str
    path: str
    operation: Json

    @property
    def anchor(self) -> str:
        return str(self.operation["operationId"]).replace(".", "-").replace("_", "-")


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    schema: Json
    required: bool


def operations(document: Json) -> dict[str, list[Described]]:
    """By their group, in the order of the document."""
    groups: dict[str, list[Described]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(Described(method.upper(), path, operation))
    return groups


def properties(schema: Json, before: str = "") -> Iterator[Property]:
    """Every property of an object and of the objects in it, which have no name of their own."""
    for name, inner in schema.get("properties", {}).items():
        yield Property(before + name, inner, name in schema.get("required", ()))
        yield from properties(inner, f"{before}{name}.")
        if "items" in inner:
            yield from properties(inner["items"], f"{before}{name}[].")


def type_of(schema: Json) -> str:
    """HTML: the type in words, a named one as a link to where it is described."""
    if "$ref" in schema:
        name = escape(schema["$ref"].removeprefix(_COMPONENT))
        return f'<a href="#schema-{name}">{name}</a>'
    if "allOf" in schema:
        return type_of(schema["allOf"][0])
    if "enum" in schema:
        return ", ".join(f"<code>{escape('null' if one is None else one)}</code>" for one in schema["enum"])
    given = schema.get("type", "anything")
    words = [given] if isinstance(given, str) else list(given)
    if "items" in schema:
        words[words.index("array")] = f"list of {type_of(schema['items'])}"
    elif "format" in schema:
        words[0] = f"{escape(words[0])} ({escape(schema['format'])})"
    return " or ".join(words) + _limits(schema)


def _limits(schema: Json) -> str:
    found = [
        f"{words} {schema[key]}"
        for key, words in (("minimum", "at least"), ("maximum", "at most"), ("maxLength", "at most"))
        if key in schema
    ]
    unit = " characters" if "maxLength" in schema else ""
    return f", {', '.join(found)}{unit}" if found else ""

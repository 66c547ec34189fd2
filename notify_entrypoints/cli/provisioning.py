"""Setting services up from a file."""

import json as json_format
import tomllib
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from notify_core.kernel.errors import InvalidValue
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.lines import line_of
from notify_entrypoints.cli.output import AsJson, print_json


def provision(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A TOML or JSON file of services, users, keys and templates.")
    ],
    *,
    json: AsJson = False,
) -> None:
    """Create or update services from a file.

    Running it again changes nothing. Ids and secrets that the file does not give are generated and
    printed, this once. It may run while the platform serves.
    """
    text = _read(file)
    document = _parsed(file, text)
    made = container()
    try:
        done = made.provision()(document)
    except InvalidValue as error:
        raise InvalidValue(f"{file}{_line(file, text, str(error))}: {error}") from error
    if json:
        print_json(asdict(done))
        return
    for change in done.changes:
        typer.echo(change)
    if not done.changes:
        typer.echo("Everything is as the file says.")
    for issued in done.issued:
        typer.echo(f"{issued.service}: {issued.kind} {issued.name}: {issued.text}  (shown this once)")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidValue(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidValue(f"{file} is not UTF-8 (byte {error.start})") from error


def _parsed(file: Path, text: str) -> dict[str, Any]:
    try:
        # Amounts of money are exact.
        parse = json_format.loads if _is_json(file) else tomllib.loads
        document: Any = parse(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, json_format.JSONDecodeError) as error:
        kind = "JSON" if _is_json(file) else "TOML"
        raise InvalidValue(f"{file} is not {kind}: {error}") from error
    if not isinstance(document, dict):
        raise InvalidValue(f"{file} must hold an object with a list of services")
    return document


def _is_json(file: Path) -> bool:
    return file.suffix.lower() == ".json"


def _line(file: Path, text: str, message: str) -> str:
    """``, line 12`` of what the message begins with a pointer to."""
    number = line_of(text, message.partition(": ")[0], json=_is_json(file))
    return "" if number is None else f", line {number}"

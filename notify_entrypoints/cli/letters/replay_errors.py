"""Scanning again what could not be scanned."""

from dataclasses import asdict
from typing import Annotated

import typer

from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_rows


def replay_errors(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE", help="One file, by its name in ERROR/ of the scan bucket; without it, all of them."
        ),
    ] = None,
    *,
    json: AsJson = False,
) -> None:
    """Check uploaded letters again that an error set aside.

    For when the scanner, or what else was broken, works again. Each letter waits for its virus scan as it did at
    first, and its file moves back. What belongs to no letter that waits for this is left where it is.
    """
    replayed = container().replay_scan_errors()(file)
    print_rows([asdict(row) for row in replayed], as_json=json, empty="There are no files in ERROR/.")

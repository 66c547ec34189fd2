"""What was printed: runs, their zips, and what is in them."""

from datetime import datetime
from typing import Annotated, Any

import typer

from notify_core.kernel.calendar import format_datetime, london_date
from notify_core.letters.model import PrintGroup
from notify_core.letters.policies.cut_off import deadline_of
from notify_core.letters.use_cases.printing.reading import Manifest
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json, print_rows


def runs(
    limit: Annotated[int, typer.Option(min=1, max=250, help="How many.")] = 14,
    *,
    json: AsJson = False,
) -> None:
    """List the latest print runs, newest first.

    Letters and sheets are those in the zips; of these some may still wait to be sent.
    """
    found = container().list_print_runs()(limit)
    print_rows([_run(manifest) for manifest in found], as_json=json, empty="Nothing has been printed yet.")


def show(
    name: Annotated[
        str, typer.Argument(metavar="RUN", help="The day of a print run, such as 2026-01-05, or the name of a zip.")
    ],
    *,
    json: AsJson = False,
) -> None:
    """Show the zips of a print run, or what is in one.

    Checksums are SHA-256 of whole zips, as they were brought to the printer. Times are UTC.
    """
    manifest = container().show_print_run()(name)
    one_zip = name.upper().endswith(".ZIP")
    if json:
        zips = [_zip(group) | {"files": list(group.keys)} for group in manifest.groups]
        print_json(_run(manifest) | {"volumes": _volumes(manifest), "zips": zips})
        return
    typer.echo("\n".join(f"{heading}: {value}" for heading, value in _run(manifest).items()) + "\n")
    print_rows([_zip(group) for group in manifest.groups], as_json=False, empty="It has no zips.")
    if one_zip:
        typer.echo("\n" + "\n".join(key for group in manifest.groups for key in group.keys))


def _run(manifest: Manifest) -> dict[str, Any]:
    return {
        "run": _name(manifest.run.deadline),
        "deadline": format_datetime(manifest.run.deadline),
        "started_at": format_datetime(manifest.run.started_at),
        "letters": manifest.printed.volume.letters,
        "sheets": manifest.printed.volume.sheets,
        "zips": manifest.printed.zips,
        "zips_sent": manifest.printed.sent,
    }


def _name(deadline: datetime) -> str | None:
    """What ``show`` knows it by."""
    day = london_date(deadline)
    return day.isoformat() if deadline == deadline_of(day) else format_datetime(deadline)


def _volumes(manifest: Manifest) -> dict[str, dict[str, int]]:
    """What was due when it began."""
    return {
        postage.value: {"letters": volume.letters, "sheets": volume.sheets}
        for postage, volume in manifest.run.volumes.items()
    }


def _zip(group: PrintGroup) -> dict[str, Any]:
    return {
        "zip": group.zip_name,
        "postage": group.postage.value,
        "service_id": str(group.service_id),
        "letters": group.letters,
        "sheets": group.sheets,
        "bytes": group.zip_bytes,
        "checksum": group.checksum,
        "sent_at": format_datetime(group.sent_at),
        "sent_by": group.sent_by,
    }

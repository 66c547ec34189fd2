"""What the printer and the post answer."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from notify_core.kernel.errors import InvalidValue
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json, print_rows


def responses(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="A response file here, or the name of one in the response bucket; without it, list them.",
        ),
    ] = None,
    *,
    json: AsJson = False,
) -> None:
    """Apply a response file of the printer, or list those known.

    A file here is put into the response bucket first. It is checked as a whole before anything changes, and a file
    that has been applied is not applied again.
    """
    if file is None:
        print_rows([_file(one) for one in container().list_answer_files()()], as_json=json, empty="There are none yet.")
        return
    path = Path(file)
    content = path.read_bytes() if path.is_file() else None
    answers = container().bring_answers()(path.name if content is not None else file, content)
    if json:
        print_json({"name": path.name, "answers": answers})
    else:
        typer.echo(f"Answers that are going to be applied: {answers}")


def returned(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="References of letters, one a line.", exists=True, dir_okay=False)
    ],
    *,
    json: AsJson = False,
) -> None:
    """Report letters that the post brought back.

    They become returned ones, and their services are told. References that nobody knows are logged and stop nothing.
    """
    try:
        references = [line for line in file.read_text("ascii").splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise InvalidValue(f"{file} is not a list of references: it has other characters than plain ASCII") from None
    count = container().report_returned()(references)
    if json:
        print_json({"count": count})
    else:
        typer.echo(f"Letters that have been reported: {count}")


def sorted_counts(
    days: Annotated[int, typer.Option(min=1, help="How many days back.")] = 30, *, json: AsJson = False
) -> None:
    """Show how many letters the printer sorted, day by day.

    Letters that it could sort for the post are cheaper.
    """
    from notify_core.kernel.calendar import london_date

    made = container()
    today = london_date(made.clock().now())
    counts = made.list_sorted_counts()(today - timedelta(days=days - 1), today)
    rows = [{"day": str(one.day), "sorted": one.sorted, "unsorted": one.unsorted} for one in counts]
    print_rows(rows, as_json=json, empty="There are none.")


def _file(one: Any) -> dict[str, Any]:
    counts = one.counts
    return {
        "name": one.name,
        "state": one.state.value,
        "found_at": f"{one.found_at:%Y-%m-%dT%H:%M:%SZ}",
        "printed": counts.printed,
        "failed": counts.failed,
        "waiting": counts.waiting,
        "unknown": counts.unknown,
        "late": counts.late,
        "fault": one.fault,
    }

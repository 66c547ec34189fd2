"""The suppliers of text messages, and how texts are shared out among them."""

from typing import Annotated

import typer

from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.errors import InvalidValue
from notify_core.notifications.model import Balance
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_rows

app = typer.Typer(help="Suppliers of text messages: list, set, activate, deactivate.", no_args_is_help=True)

Supplier = Annotated[str, typer.Argument(metavar="SUPPLIER", help="The supplier's name (see `notify providers list`).")]


@app.command("list")
def list_(*, json: AsJson = False) -> None:
    """List the suppliers, each with its points.

    Points are how many of a hundred texts it gets. They move away from a supplier that fails or is slow, and back to
    where they rest after an hour of quiet.
    """
    _print(container().show_sms_suppliers()(), as_json=json)


@app.command("set")
def set_(
    points: Annotated[list[str], typer.Argument(metavar="SUPPLIER=POINTS…", help="All of them; 100 points together.")],
    *,
    json: AsJson = False,
) -> None:
    """Share texts out by these points.

    From now on, and again whenever a disturbance is over: mmg=70 firetext=30.
    """
    _print(container().share_out_sms().rest_at(dict(_parsed(text) for text in points)), as_json=json)


@app.command()
def activate(supplier: Supplier, *, json: AsJson = False) -> None:
    """Send texts by this supplier again."""
    _print(container().share_out_sms().activate(supplier), as_json=json)


@app.command()
def deactivate(supplier: Supplier, *, json: AsJson = False) -> None:
    """Send no more texts by this supplier.

    Workers know it after two seconds. Receipts of texts that it has are still understood.
    """
    _print(container().share_out_sms().deactivate(supplier), as_json=json)


def _parsed(text: str) -> tuple[str, int]:
    name, equals, number = text.partition("=")
    if not equals or not number.isascii() or not number.isdigit():
        raise InvalidValue(f"write SUPPLIER=POINTS, not {text}")
    return name, int(number[:9])


def _print(balance: Balance, *, as_json: bool) -> None:
    rows = [
        {
            "supplier": share.supplier,
            "in_use": share.active,
            "points": share.points,
            "resting": share.resting,
            "disturbed_at": format_datetime(balance.disturbed_at),
        }
        for share in balance.shares
    ]
    print_rows(rows, as_json=as_json, empty="There are no suppliers.")

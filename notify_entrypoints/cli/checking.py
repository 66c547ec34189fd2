"""Does it start, what is installed, what is chosen."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import typer

from notify_core.kernel.errors import NotifyError
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_rows
from notify_entrypoints.plugins import installed
from notify_entrypoints.readiness import ask
from notify_entrypoints.settings import load_settings
from notify_entrypoints.settings.advice import warnings
from notify_entrypoints.settings.variables import PORTS

if TYPE_CHECKING:
    from notify_entrypoints.containers import Container

_OK = "ok"


def check(*, json: AsJson = False) -> None:
    """Start every part once and say how long each takes.

    Stores and brokers are also asked whether they answer.

    The status is 1 when one does not start or answer. Warnings are about what may be right for this
    machine, but not for several, about a database that is not vacuumed, and about services whose alerts
    could go to no network.
    """
    from notify_core.registry.tasks import REGISTRY
    from notify_entrypoints.containers import prepare

    made = container()
    rows = [_checked("database", made.settings().database_kind, lambda: made.ledger().depth())]
    for port in PORTS:
        chosen = ", ".join(choice.name for choice in made.settings().adapters[port.name])
        rows.append(_checked(port.name, chosen, _start(made, port.name)))
    if all(row["answer"] == _OK for row in rows):
        rows.append(_checked("background work", "", lambda: prepare(made, REGISTRY)))
        rows.append(_checked("admin application", "", made.settings().needed_admin_secrets))
    warned = {**warnings(made.settings())}
    if rows[0]["answer"] == _OK:
        warned |= _of_the_database(made)
    if all(row["answer"] == _OK for row in rows if row["part"] in {"database", "cbc"}):
        warned |= _of_restrictions(made)
    if json:
        print_rows([{**row, "warning": warned.get(row["part"])} for row in rows], as_json=True, empty="")
    else:
        print_rows(rows, as_json=False, empty="")
        for part, warning in warned.items():
            typer.secho(f"warning: {part}: {warning}", fg=typer.colors.YELLOW, err=True)
    if any(row["answer"] != _OK for row in rows):
        raise typer.Exit(1)


def _start(made: "Container", port: str) -> Callable[[], object]:
    return lambda: ask(port, made.providers[port]())


def _of_the_database(made: "Container") -> Mapping[str, str]:
    from notify_adapters.storage.sql.vacuuming import is_vacuumed

    if is_vacuumed(made.engine()):
        return {}
    return {"database": "autovacuum is off: with every task that is done the next one is found more slowly"}


def _of_restrictions(made: "Container") -> Mapping[str, str]:
    found = [
        f"service {one.service_id} is restricted to {one.network}, which is "
        f"{'not among NOTIFY_CBC_ENABLED' if one.known else 'no network'}: its alerts cannot be approved"
        for one in made.find_misdirected()()
    ]
    return {"cbc": "; ".join(found)} if found else {}


def _checked(name: str, chosen: str, part: Callable[[], object]) -> dict[str, Any]:
    began = time.perf_counter()
    try:
        part()
    except NotifyError as error:
        answer = str(error)
    else:
        answer = _OK
    milliseconds = round((time.perf_counter() - began) * 1000, 1)
    return {"part": name, "chosen": chosen, "milliseconds": milliseconds, "answer": answer}


def adapters(*, json: AsJson = False) -> None:
    """List the ports: what is chosen, what is installed."""
    chosen = load_settings().adapters
    rows = [
        {
            "port": port.name,
            "variable": port.variable,
            "chosen": [choice.name for choice in chosen[port.name]],
            "installed": list(installed(port.group)),
            "description": port.says,
        }
        for port in PORTS
    ]
    print_rows(rows, as_json=json, empty="")

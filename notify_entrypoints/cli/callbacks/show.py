"""How it is with the callbacks of a service. Addresses of servers, no content and no recipients."""

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import ServiceId
from notify_entrypoints.cli.callbacks.arguments import ServiceArgument, TypeOption
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json, print_rows

if TYPE_CHECKING:
    from notify_core.callbacks.model import Attempt
    from notify_core.callbacks.use_cases import CallbackView, FailedDelivery, ServiceCallbacks


def show(
    service: ServiceArgument,
    kind: TypeOption = None,
    limit: Annotated[int, typer.Option(help="At most so many failed deliveries, and attempts.")] = 20,
    *,
    json: AsJson = False,
) -> None:
    """Show what waits, what failed, and the latest attempts.

    A circuit that is open leaves its address alone but for a probe a minute; what waits loses nothing.
    """
    found = container().show_callbacks()(ServiceId(service), kind, limit=limit)
    if json:
        print_json(_document(found))
        return
    print_rows([_callback(view) for view in found.callbacks], as_json=False, empty="The service has no callbacks.")
    if found.failed:
        typer.echo("\nFailed, newest first:")
        rows = [{**_failed(delivery), "attempts": len(delivery.attempts)} for delivery in found.failed]
        print_rows(rows, as_json=False, empty="")
        typer.echo(f"\nTo tell the service again: notify callbacks replay {service}")
    if found.attempts:
        typer.echo("\nAttempts, newest first:")
        print_rows([_attempt(attempt) for attempt in found.attempts], as_json=False, empty="")


def _document(found: "ServiceCallbacks") -> dict[str, Any]:
    return {
        "callbacks": [_callback(view) for view in found.callbacks],
        "failed": [
            {**_failed(delivery), "attempts": [_attempt(attempt) for attempt in delivery.attempts]}
            for delivery in found.failed
        ],
        "attempts": [_attempt(attempt) for attempt in found.attempts],
    }


def _callback(view: "CallbackView") -> dict[str, Any]:
    return {
        "type": view.type.value,
        "url": None if view.callback is None else _without_credentials(view.callback.url),
        "circuit": view.circuit.state.value,
        "failures": view.circuit.failures,
        "next_probe": format_datetime(view.circuit.probe_at),
        "waiting": view.waiting,
        "failed": view.failed,
    }


def _failed(delivery: "FailedDelivery") -> dict[str, Any]:
    about = {name: value for name, value in delivery.entry.arguments.items() if name != "service_id"}
    return {
        "id": str(delivery.entry.id),
        "type": delivery.type.value,
        # One: a notification, a complaint or a received text.
        "about": next(iter(about.values()), None),
        "created_at": format_datetime(delivery.entry.created_at),
        "reason": delivery.entry.reason,
    }


def _attempt(attempt: "Attempt") -> dict[str, Any]:
    return {
        "delivery": str(attempt.delivery_id),
        "type": attempt.type.value,
        "at": format_datetime(attempt.at),
        "status": attempt.status,
        "problem": None if attempt.problem is None else attempt.problem.value,
        "seconds": round(attempt.duration.total_seconds(), 3),
    }


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()

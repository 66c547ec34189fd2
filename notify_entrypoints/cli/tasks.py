"""Background work: what kinds there are, what is waiting, what has failed."""

import logging
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import typer

from notify_core.kernel.errors import InvalidValue, NotFound, NotifyError
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import ALL_QUEUES, Queue
from notify_core.kernel.tasks import RetryPolicy
from notify_core.ports.task_ledger import EntryState, LedgerEntry, TaskLedger
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json, print_rows

app = typer.Typer(help="Background work: look and act.", no_args_is_help=True)

PAGE = 100


class NotDone(NotifyError):
    """The task that was run is not done; the message says why."""


EntryId = Annotated[UUID, typer.Argument(help="The row of the task ledger.")]


@app.command()
def registry(*, json: AsJson = False) -> None:
    """List the kinds of tasks: queues, schedule, retries.

    The schedule is in London time.
    """
    from notify_core.registry.schedule import SCHEDULE
    from notify_core.registry.tasks import REGISTRY

    schedule = {entry.name: str(entry.when) for entry in SCHEDULE}
    rows = [
        {
            "task": task.name,
            "queue": task.queue,
            "schedule": schedule.get(task.name),
            "retries": _retries(task.retry),
            "retry_queue": task.retry.queue if task.retry.maximum != 0 else None,
            "then": task.when_exhausted.name if task.when_exhausted else None,
        }
        for task in sorted(REGISTRY, key=lambda task: (task.queue, task.name))
    ]
    print_rows(rows, as_json=json, empty="")


@app.command("list")
def list_(
    queue: Annotated[str | None, typer.Option(help="Only this queue.")] = None,
    state: Annotated[EntryState | None, typer.Option(help="Only this state.")] = None,
    after: Annotated[UUID | None, typer.Option(help="Continue behind this row.")] = None,
    *,
    json: AsJson = False,
) -> None:
    """List unfinished and failed work, a hundred rows at a time."""
    wanted = None if queue is None else _queue(queue)
    behind = None if after is None else LedgerEntryId(after)
    entries = container().ledger().entries(queue=wanted, state=state, after=behind, limit=PAGE)
    rows = [
        {
            "id": entry.id,
            "task": entry.task,
            "queue": entry.queue,
            "state": entry.state,
            "attempt": entry.attempt,
            "due_at": f"{entry.due_at:%Y-%m-%dT%H:%M:%SZ}",
            "reason": entry.reason,
        }
        for entry in entries
    ]
    everything = queue is None and state is None and after is None
    print_rows(
        rows,
        as_json=json,
        empty="Nothing is waiting and nothing has failed." if everything else "There are no such rows.",
    )
    if len(rows) == PAGE and not json:
        typer.echo(f"\nThere may be more: --after {rows[-1]['id']}")


@app.command()
def show(entry_id: EntryId, *, json: AsJson = False) -> None:
    """Show one row of the ledger."""
    entry = _as_json(container().ledger().get(LedgerEntryId(entry_id)))
    if json:
        print_json(entry)
    else:
        for name, value in entry.items():
            typer.echo(f"{name:>12}: {'' if value is None else value}")


@app.command()
def replay(entry_id: EntryId) -> None:
    """Make a failed row due again, as if it were new."""
    from notify_core.housekeeping.use_cases import RowAct

    container().tend_failed_row()(LedgerEntryId(entry_id), RowAct.REPLAYED)
    typer.echo(f"{entry_id} is due.")


@app.command()
def purge(entry_id: EntryId) -> None:
    """Delete a failed row: its work will never be done."""
    from notify_core.housekeeping.use_cases import RowAct

    container().tend_failed_row()(LedgerEntryId(entry_id), RowAct.PURGED)
    typer.echo(f"{entry_id} is gone.")


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="A task's name (see `notify tasks registry`).")],
    arguments: Annotated[list[str] | None, typer.Argument(help="key=value …")] = None,
) -> None:
    """Run one task now, in this process.

    It takes the same path as any other: what fails is kept, what may work later is tried again by
    whoever serves.
    """
    from notify_core.registry.execute import ExecutionOutcome
    from notify_core.registry.tasks import by_name
    from notify_entrypoints.containers import prepare

    task = by_name(name).from_texts(_pairs(arguments or []))
    made = container()
    prepare(made, [type(task)])
    # Why it failed is printed here, from the row.
    logging.getLogger("notify_core").setLevel(logging.CRITICAL)
    entry_id, outcome = made.run_now()(task)
    if outcome in {ExecutionOutcome.DONE, ExecutionOutcome.FOLLOWED}:
        typer.echo(f"{entry_id}: {outcome}")
        return
    raise NotDone(f"{name} {outcome}: {_reason(made.ledger(), LedgerEntryId(entry_id))} (notify tasks show {entry_id})")


def _reason(ledger: TaskLedger, entry_id: LedgerEntryId) -> str:
    try:
        return ledger.get(entry_id).reason or "no reason is known"
    except NotFound:
        return "another worker has finished it"


def _queue(name: str) -> Queue:
    if name not in ALL_QUEUES:
        raise InvalidValue(f"there is no queue {name}; known are: {', '.join(ALL_QUEUES)}")
    return Queue(name)


def _pairs(arguments: list[str]) -> Mapping[str, str]:
    if without := [argument for argument in arguments if "=" not in argument]:
        raise InvalidValue(f"{without[0]!r} is not key=value")
    return dict(argument.partition("=")[::2] for argument in arguments)


def _retries(policy: RetryPolicy) -> str:
    if policy.maximum == 0:
        return "none"
    waits = [f"{policy.delay(retry).total_seconds():g}" for retry in range(4)]
    times = "for ever" if policy.maximum is None else f"{policy.maximum} times"
    return f"{times} after {', '.join(waits)}, … s" if len(set(waits)) > 1 else f"{times} after {waits[0]} s"


def _as_json(entry: LedgerEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in LedgerEntry.__dataclass_fields__}

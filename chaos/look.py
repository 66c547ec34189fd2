"""Reading what the platform has in the end, from its database and its printer's folder."""

import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection, func, select, update

from chaos.checks import Message, Row, Seen
from chaos.faults import Fault
from chaos.load import Accepted
from chaos.records import Taken
from notify_adapters.storage.sql.schema import inbound_texts, jobs, letters, notifications, tickets
from notify_adapters.storage.sql.schema_ledger import task_ledger
from notify_adapters.storage.sql.types import database_now
from notify_core.ports.task_ledger import EntryState
from notify_entrypoints.containers import Container

_KINDS = {"sms": "text", "email": "email"}
_OPEN = ("created", "sending", "pending", "pending-virus-check")
_NEWS = ("notification_id", "inbound_text_id")
_FINISHED = "finished"


def look(
    container: Container, accepted: Sequence[Accepted], taken: Sequence[Taken], faults: Sequence[Fault], printer: Path
) -> Seen:
    with container.engine().connect() as connection:
        return Seen(
            accepted=accepted,
            messages=[*_notifications(connection), *_letters(connection)],
            taken=taken,
            received=[
                (one.supplier_reference, str(one.id))
                for one in connection.execute(select(inbound_texts.c.supplier_reference, inbound_texts.c.id))
            ],
            jobs={str(one.id): one.status for one in connection.execute(select(jobs.c.id, jobs.c.status))},
            printed=_printed(printer),
            tickets={
                str(one.id): one.raised_at is not None
                for one in connection.execute(select(tickets.c.id, tickets.c.raised_at))
            },
            rows=_rows(container),
            leased_jobs=[
                str(one) for one in connection.scalars(select(jobs.c.id).where(jobs.c.lease_holder.is_not(None)))
            ],
            faults=faults,
        )


def waiting(container: Container) -> Mapping[str, int]:
    """What has not ended, by what it is."""
    counts = Counter[str]()
    with container.engine().connect() as connection:
        for table, name in ((notifications, notifications.c.channel), (letters, letters.c.postage)):
            found = select(name, table.c.status, func.count()).where(table.c.status.in_(_OPEN))
            for kind, status, count in connection.execute(found.group_by(name, table.c.status)):
                counts[f"{kind} {status}"] += count
        counts["jobs"] = connection.scalar(select(func.count()).where(jobs.c.status != _FINISHED)) or 0
        failed = task_ledger.c.state == EntryState.FAILED.value
        counts["ledger"] = connection.scalar(select(func.count()).select_from(task_ledger).where(~failed)) or 0
    return +counts


def hurry(container: Container) -> None:
    """What waits for its next try is due now, as if that time had passed. Leases run on: who holds one may live."""
    now = database_now()
    due = (task_ledger.c.state == EntryState.DUE.value) & (task_ledger.c.due_us > now + 1_000_000)
    with container.engine().begin() as connection:
        connection.execute(update(task_ledger).where(due).values(due_us=now))


def _notifications(connection: Connection) -> list[Message]:
    c = notifications.c
    return [
        Message(_KINDS[one.channel], str(one.id), one.reference, one.status, _text(one.job_id), one.job_row)
        for one in connection.execute(select(c.channel, c.id, c.reference, c.status, c.job_id, c.job_row))
    ]


def _letters(connection: Connection) -> list[Message]:
    c = letters.c
    return [
        Message("letter", str(one.id), one.reference, one.status, print_name=one.file_reference)
        for one in connection.execute(select(c.id, c.reference, c.status, c.file_reference))
    ]


def _printed(printer: Path) -> Mapping[str, int]:
    """A zip's files are called NOTIFY.<letter>.… ."""
    found = Counter[str]()
    for path in printer.glob("**/*.ZIP"):
        with zipfile.ZipFile(path) as content:
            found.update(name.split(".")[1] for name in content.namelist())
    return found


def _rows(container: Container) -> Sequence[Row]:
    return [
        Row(
            str(row.id),
            row.task,
            str(row.state),
            row.reason,
            next(
                (str(row.arguments[name]) for name in _NEWS if row.task.startswith("send-") and name in row.arguments),
                "",
            ),
        )
        for row in container.ledger().entries(limit=1_000_000)
    ]


def _text(value: object) -> str | None:
    return None if value is None else str(value)

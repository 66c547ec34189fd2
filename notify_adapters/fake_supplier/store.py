"""A fake supplier's memory: one SQLite file, shared by processes, which survives their being killed."""

import json
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from notify_adapters.fake_supplier.script import NO_RECEIPT, Fate, Script
from notify_adapters.shared_file import SharedFile
from notify_core.kernel.errors import TransientError
from notify_core.notifications.ports import SupplierRefused

_SCHEMA = """
create table if not exists messages (
    number integer primary key, reference text not null unique, answer text not null, recipient text not null,
    content text not null, received_at real not null, repeats integer not null default 0);
create table if not exists receipts (
    id integer primary key, answer text not null, recipient text not null, outcome text not null,
    due_at real not null, attempts integer not null default 0, delivered_at real);
create index if not exists receipts_due on receipts (due_at) where delivered_at is null;
create table if not exists script (id integer primary key check (id = 1), body text not null);
"""
_MESSAGE = "select reference, answer, recipient, content, received_at, repeats from messages"
_TAKE_DUE = """update receipts set due_at = ?, attempts = attempts + 1 where id in
    (select id from receipts where delivered_at is null and due_at <= ? order by due_at, id limit ?) returning *"""

# How long a receipt that somebody is delivering is nobody else's; after that its deliverer has died.
_LEASE = 15.0
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 30.0


@dataclass(frozen=True, slots=True)
class FakeMessage:
    """``reference`` is the sender's, ``answer`` the supplier's, ``repeats`` how often the reference
    came again; ``received_at`` in seconds since the epoch."""

    reference: str
    answer: str
    recipient: str
    content: Mapping[str, Any]
    received_at: float
    repeats: int


@dataclass(frozen=True, slots=True)
class FakeReceipt:
    """``delivered_at`` is None until the platform has answered with a 2xx."""

    id: int
    answer: str
    recipient: str
    outcome: str
    due_at: float
    attempts: int
    delivered_at: float | None


class FakeSupplierStore:
    """``usual`` is what the supplier does until it is scripted otherwise; ``receipt_delay`` the usual
    seconds from message to receipt."""

    def __init__(
        self, path: Path, usual: Script, *, receipt_delay: float = 0.05, now: Callable[[], float] = time.time
    ) -> None:
        self._file = SharedFile(path, _SCHEMA)
        self._usual = usual
        self._receipt_delay = receipt_delay
        self._now = now

    def close(self) -> None:
        """Close the file; it opens again when needed."""
        self._file.close()

    def accept(self, reference: str, recipient: str, content: Mapping[str, Any], answer: str) -> str:
        """Take one message and return ``answer``, or the first answer where the reference was taken before.

        :raises TransientError: scripted, and then the message may have been taken all the same; or the file
            cannot be used.
        :raises SupplierRefused: scripted.
        """
        try:
            with self._file.transaction() as sql:
                script = self._script(sql)
                fate, after = script.next_fate(recipient)
                if after is not script:
                    _keep(sql, after)
                if fate in {Fate.TAKEN, Fate.ANSWER_LOST}:
                    answer = self._take(sql, script, (reference, answer, recipient, json.dumps(content)))
        except sqlite3.Error as error:
            raise TransientError(f"the fake supplier cannot use its file: {error}") from error
        if script.latency:
            time.sleep(script.latency)
        if fate is Fate.REFUSED:
            raise SupplierRefused("the fake supplier refuses, as scripted")
        if fate is not Fate.TAKEN:
            raise TransientError("the fake supplier does not answer, as scripted")
        return answer

    def messages(self) -> Sequence[FakeMessage]:
        """Every message taken, oldest first."""
        return [_message(row) for row in self._rows(f"{_MESSAGE} order by number")]

    def message(self, reference: str) -> FakeMessage | None:
        """The message with this reference of the sender's."""
        rows = self._rows(f"{_MESSAGE} where reference = ?", reference)
        return _message(rows[0]) if rows else None

    def count(self) -> int:
        """How many messages were taken."""
        return int(self._rows("select count(*) from messages")[0][0])

    def repeats(self) -> int:
        """How often a reference came again, over all messages."""
        return int(self._rows("select coalesce(sum(repeats), 0) from messages")[0][0])

    def receipts(self, *, pending: bool = False) -> Sequence[FakeReceipt]:
        """Every receipt, or only those not yet delivered, in the order they were made."""
        receipts = [FakeReceipt(*row) for row in self._rows("select * from receipts order by id")]
        return [receipt for receipt in receipts if receipt.delivered_at is None or not pending]

    def take_due_receipts(self, limit: int) -> Sequence[FakeReceipt]:
        """Receipts to be delivered now; for 15 seconds nobody else gets them."""
        now = self._now()
        # Looking is free; only taking needs the file to ourselves.
        if not self._rows("select 1 from receipts where delivered_at is null and due_at <= ? limit 1", now):
            return []
        with self._file.transaction() as sql:
            rows = sql.execute(_TAKE_DUE, (now + _LEASE, now, limit)).fetchall()
        return sorted((FakeReceipt(*row) for row in rows), key=lambda receipt: receipt.id)

    def receipts_delivered(self, receipts: Sequence[FakeReceipt]) -> None:
        """The platform has taken these."""
        now = self._now()
        with self._file.transaction() as sql:
            sql.executemany("update receipts set delivered_at = ? where id = ?", [(now, one.id) for one in receipts])

    def receipts_failed(self, receipts: Sequence[FakeReceipt]) -> None:
        """To be tried again: after 0.2, 0.4, 0.8 … seconds, at most 30."""
        now = self._now()
        due = [(now + min(_FIRST_WAIT * 2 ** (min(one.attempts, 20) - 1), _LONGEST_WAIT), one.id) for one in receipts]
        with self._file.transaction() as sql:
            sql.executemany("update receipts set due_at = ? where id = ?", due)

    def script(self) -> Script:
        """What the supplier does at present."""
        with self._file.reading() as sql:
            return self._script(sql)

    def rescript(self, **changes: Any) -> Script:
        """Change these fields of the script, for every process.

        :raises TypeError: there is no such field. :raises ValueError: an outcome is not known.
        """
        with self._file.transaction() as sql:
            script = replace(self._script(sql), **changes)
            _keep(sql, script)
        return script

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._file.reading() as sql:
            return sql.execute(query, values).fetchall()

    def _script(self, sql: sqlite3.Connection) -> Script:
        row = sql.execute("select body from script").fetchone()
        return Script(**json.loads(row[0])) if row else self._usual

    def _take(self, sql: sqlite3.Connection, script: Script, message: tuple[str, str, str, str]) -> str:
        now = self._now()
        answer, repeats = sql.execute(
            "insert into messages (reference, answer, recipient, content, received_at) values (?, ?, ?, ?, ?)"
            " on conflict (reference) do update set repeats = repeats + 1 returning answer, repeats",
            (*message, now),
        ).fetchone()
        if not repeats and script.receipts:
            recipient = message[2]
            delay = self._receipt_delay if script.receipt_delay is None else script.receipt_delay
            wanted = [outcome for outcome in script.outcomes_for(recipient) if outcome != NO_RECEIPT]
            sql.executemany(
                "insert into receipts (answer, recipient, outcome, due_at) values (?, ?, ?, ?)",
                [(answer, recipient, outcome, now + delay * number) for number, outcome in enumerate(wanted, 1)],
            )
        return str(answer)


def _keep(sql: sqlite3.Connection, script: Script) -> None:
    sql.execute(
        "insert into script values (1, ?) on conflict (id) do update set body = excluded.body",
        (json.dumps(script.fields()),),
    )


def _message(row: tuple[Any, ...]) -> FakeMessage:
    reference, answer, recipient, content, received_at, repeats = row
    return FakeMessage(reference, answer, recipient, json.loads(content), received_at, repeats)

"""What the fake networks remember and how they are scripted: one SQLite file, shared by processes."""

import json
import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from notify_adapters.cbc.payloads import Payload
from notify_adapters.shared_file import SharedFile
from notify_core.broadcasts.model import Route


class Kind(StrEnum):
    """How a route behaves. In the last two the caller waits for an answer that does not come."""

    ACKNOWLEDGES = "acknowledges"
    CLIENT_ERROR = "client-error"
    STATUS = "status"
    FUNCTION_ERROR = "function-error"
    TIME_OUT = "time-out"
    ACKNOWLEDGEMENT_LOST = "acknowledgement-lost"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """``latency`` is in seconds; with the two kinds of silence it is how long the caller waits."""

    kind: Kind = Kind.ACKNOWLEDGES
    latency: float = 0.0


@dataclass(frozen=True, slots=True)
class Script:
    """``times`` is how many more calls behave so, None: all."""

    network: str
    route: Route
    behaviour: Behaviour
    times: int | None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What a network took. ``xml`` is what its cell broadcast centre received."""

    network: str
    route: Route
    payload: Payload
    xml: str
    received_at: datetime

    @property
    def identifier(self) -> str:
        return str(self.payload["identifier"])

    @property
    def message_type(self) -> str:
        return str(self.payload["message_type"])


@dataclass(frozen=True, slots=True)
class Call:
    """One invocation and what the caller was told: ``acknowledged``, or what went wrong."""

    network: str
    route: Route
    identifier: str
    message_type: str
    at: datetime
    answer: str


_SCHEMA = """
create table if not exists broadcasts (
    number integer primary key, network text not null, route integer not null, identifier text not null,
    message_type text not null, payload text not null, xml text not null, at text not null,
    unique (network, identifier));
create table if not exists calls (
    number integer primary key, network text not null, route integer not null, identifier text not null,
    message_type text not null, answer text not null, at text not null);
create table if not exists scripts (
    network text not null, route integer not null, kind text not null, latency real not null, times integer,
    primary key (network, route));
"""
_NOW = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"


class FakeNetworkStore:
    """The state under ``{data_dir}/fakes/cbc.db``. An instance may be shared by threads and survives a fork."""

    def __init__(self, data_dir: str | Path) -> None:
        self._file = SharedFile(Path(data_dir) / "fakes" / "cbc.db", _SCHEMA)

    # Scripting

    def script(self, network: str, route: Route | None, behaviour: Behaviour, times: int | None = None) -> None:
        """The next ``times`` calls (None: all) on ``route`` (None: on each of both) behave so."""
        with self.transaction() as open_store:
            for each in Route if route is None else (route,):
                open_store.execute(
                    "insert or replace into scripts (network, route, kind, latency, times) values (?, ?, ?, ?, ?)",
                    (network, each, behaviour.kind, behaviour.latency, times),
                )

    def recover(self, network: str | None = None) -> None:
        """Forget what was scripted for the network (None: for all)."""
        with self.transaction() as open_store:
            open_store.execute("delete from scripts where ? in (network, '')", (network or "",))

    def scripts(self) -> tuple[Script, ...]:
        with self._file.reading() as store:
            rows = store.execute("select network, route, kind, latency, times from scripts order by network, route")
            return tuple(
                Script(network, Route(route), Behaviour(Kind(kind), latency), times)
                for network, route, kind, latency, times in rows
            )

    # Looking

    def broadcasts(self, network: str | None = None, *, link_tests: bool = False) -> tuple[Broadcast, ...]:
        """What the network (None: each) took, oldest first; ``link_tests``: those instead of broadcasts."""
        with self._file.reading() as store:
            rows = store.execute(
                "select network, route, payload, xml, at from broadcasts"
                " where ? in (network, '') and (message_type = 'test') = ? order by number",
                (network or "", link_tests),
            )
            return tuple(
                Broadcast(name, Route(route), json.loads(payload), xml, datetime.fromisoformat(at))
                for name, route, payload, xml, at in rows
            )

    def calls(self, network: str | None = None, limit: int = 1_000) -> tuple[Call, ...]:
        """The latest calls, oldest first, whatever became of them."""
        with self._file.reading() as store:
            rows = store.execute(
                "select network, route, identifier, message_type, at, answer from calls"
                " where ? in (network, '') order by number desc limit ?",
                (network or "", limit),
            ).fetchall()
        return tuple(
            Call(name, Route(route), identifier, message_type, datetime.fromisoformat(at), answer)
            for name, route, identifier, message_type, at, answer in reversed(rows)
        )

    def forget(self) -> None:
        """Empty everything."""
        with self.transaction() as open_store:
            for table in ("broadcasts", "calls", "scripts"):
                open_store.execute(f"delete from {table}")  # noqa: S608 - our own three names

    # For the networks themselves

    def prepare(self) -> None:
        """Make the file now rather than at the first message."""
        with self._file.reading():
            pass  # opening makes it

    def close(self) -> None:
        """Close the file; it opens again when needed."""
        self._file.close()

    def next_behaviour(self, network: str, route: Route) -> tuple[Behaviour, datetime]:
        """What is scripted for this call, counted down; and the time by the store: adapters have no clock."""
        key = (network, route)
        with self._file.reading() as store:
            at, scripted = store.execute(
                f"select {_NOW}, exists (select 1 from scripts where network = ? and route = ?)",  # noqa: S608 - a constant
                key,
            ).fetchone()
        behaviour = self._counted_down(key) if scripted else None
        return behaviour or Behaviour(), datetime.fromisoformat(at)

    def _counted_down(self, key: tuple[str, Route]) -> Behaviour | None:
        with self.transaction() as store:
            row = store.execute("select kind, latency from scripts where network = ? and route = ?", key).fetchone()
            store.execute("update scripts set times = times - 1 where network = ? and route = ?", key)
            store.execute("delete from scripts where times <= 0")
        return None if row is None else Behaviour(Kind(row[0]), row[1])

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """A write transaction; rolled back when the block raises."""
        return self._file.transaction()

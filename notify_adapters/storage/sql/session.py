"""One database transaction, begun as late as possible."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import (
    Connection,
    CursorResult,
    Delete,
    Dialect,
    Engine,
    Executable,
    Insert,
    RowMapping,
    Select,
    Table,
    Update,
    text,
)

from notify_adapters.storage.sql import statements
from notify_adapters.storage.sql.alone import execute_alone, rows_alone
from notify_adapters.storage.sql.engine import with_options
from notify_adapters.storage.sql.errors import RAISED, translate, translated
from notify_adapters.storage.sql.prepared import Prepared, prepared, prepared_query
from notify_adapters.storage.sql.turns import Turn, turn_to_write

Row = Mapping[str, Any]
T = TypeVar("T")
_SERIALISE = text("SELECT pg_advisory_xact_lock(:number)")


class SqlSession:
    """Opens its connection at the first statement. Inserts wait for the next other statement or the
    commit: a unit of work that only adds things holds the database's lock for the commit alone, and
    on PostgreSQL is often a single statement.

    ``one_by_one``: every statement is a transaction of its own, committed when it returns. Read-only
    sessions always are; they may see in one statement what they did not see in the one before.

    Not ``lasting``: a power cut may undo what is committed, but nothing committed before it. On SQLite that saves
    waiting for the disk.

    Every method may raise :class:`AlreadyExists`, :class:`Conflict`, :class:`TransientError` or
    :class:`PermanentError`. A session of which a statement failed is lost as a whole: whoever goes on all the same
    gets the same error again, most of all from a commit, which PostgreSQL would take for a rollback and call done.
    """

    def __init__(
        self, engine: Engine, *, read_only: bool = False, one_by_one: bool = False, lasting: bool = True
    ) -> None:
        self.read_only = read_only
        self.dialect = engine.dialect.name  # ``sqlite`` or ``postgresql``
        self._one_by_one = one_by_one or read_only
        self._lasting = lasting
        self._engine = engine
        self._connection: Connection | None = None
        self._inserts: list[tuple[Insert, list[Row]]] = []
        self._closed = False
        self._failure: Exception | None = None
        self._turn: Turn | None = None
        self.last_change: statements.LastChange | None = None
        self.written: set[str] = set()  # the names of tables

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Add rows, all with the same columns; a taken identity shows when they are sent."""
        self.insert_by(statements.plain_insert(table), rows)

    def insert_ignoring(self, table: Table, rows: Sequence[Row]) -> None:
        """Add those rows that no unique key forbids."""
        self.insert_by(statements.insert_ignoring(self.dialect, table), rows)

    def insert_by(self, statement: Insert, rows: Sequence[Row]) -> None:
        """Add rows by an INSERT of one's own, made once; it returns nothing."""
        self.must_write()
        if not rows:
            return
        if self._inserts and self._inserts[-1][0] is statement and self._inserts[-1][1][0].keys() == rows[0].keys():
            self._inserts[-1][1].extend(rows)
        else:
            self._inserts.append((statement, list(rows)))

    def upsert(self, table: Table, row: Row, key: Sequence[str] = ("id",)) -> None:
        """Add the row, or replace what the row with its ``key`` has in the given columns."""
        self.must_write()
        self._send(statements.upsert(self.dialect, table, tuple(row), tuple(key)), row)

    def rows(self, statement: Executable, values: Row | None = None) -> Sequence[RowMapping]:
        """All rows of a SELECT, or of a change with RETURNING; ``values`` for its named parameters."""
        return self._read(statement, values).mappings().all()

    def rows_of_many(self, statement: Executable, many: Sequence[Row]) -> Sequence[RowMapping]:
        """As :meth:`rows`, of an INSERT of many rows."""
        self.must_write()
        return self._send(statement, many).mappings().all()

    def row(self, statement: Executable, values: Row | None = None) -> RowMapping | None:
        """The only row, or none."""
        return self._read(statement, values).mappings().one_or_none()

    def row_by_key(self, statement: Select[Any], values: Row) -> RowMapping | Row | None:
        """As :meth:`row`; on PostgreSQL a read-only session has it in half the time."""
        if not self.read_only or self.dialect != "postgresql" or self._connection is not None:
            return self.row(statement, values)
        self.must_be_open()
        query = prepared_query(self._engine.dialect, statement, tuple(values))
        found = self._do(lambda: rows_alone(self._engine, query, values))
        return found[0] if found else None

    def scalar(self, statement: Executable, values: Row | None = None) -> Any:
        """The first column of the first row; ``None`` without one."""
        return self._read(statement, values).scalar()

    def changed(self, statement: Executable, values: Row | None = None) -> int:
        """Execute a change; how many rows it met."""
        self.must_write()
        return self._read(statement, values).rowcount

    def serialise(self, number: int) -> None:
        """Transactions that ask for the same number run one after the other. On SQLite all that write do."""
        if self.dialect == "postgresql":
            self._send(_SERIALISE, {"number": number})

    @property
    def untouched(self) -> bool:
        """Whether nothing has been done, nor waits to be."""
        return self._connection is None and not self._inserts

    def one_statement_follows(self) -> None:
        """Say that the next statement is all there will be: then no BEGIN and COMMIT go around it."""
        if self.untouched:
            self._one_by_one = True

    def commit(self) -> None:
        """Send what waits and make it durable. Nothing can be executed afterwards."""
        try:
            self._must_be_whole()
            if self._connection is None and self._can_be_one_statement():
                self._send_as_one_statement()
            else:
                self._flush()
            if self._connection is not None:
                with translated():
                    self._connection.commit()
        finally:
            self.close()

    def close(self) -> None:
        """Undo what is not committed."""
        self._closed = True
        self._inserts.clear()
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                with translated():
                    connection.close()
            finally:
                self._give_up_turn()

    def must_write(self) -> None:
        """:raises RuntimeError: a programming error: the unit is read only, or over."""
        if self.read_only:
            raise RuntimeError("this unit of work is read only: open one that writes")
        self.must_be_open()

    def must_be_open(self) -> None:
        """:raises RuntimeError: a programming error: the unit is committed or closed."""
        if self._closed:
            raise RuntimeError("this unit of work is over: open another")

    def _read(self, statement: Executable, values: Row | None) -> CursorResult[Any]:
        if self.read_only and getattr(statement, "is_dml", False):
            self.must_write()
        return self._send(statement, values)

    def _send(self, statement: Executable, rows: Sequence[Row] | Row | None = None) -> CursorResult[Any]:
        if self._inserts:
            self._flush()
        return self._execute(statement, rows)

    def _flush(self) -> None:
        waiting, self._inserts = self._inserts, []
        for statement, rows in waiting:
            self._execute(statement, rows)

    def _can_be_one_statement(self) -> bool:
        # SQLite has no such statement; there a transaction costs next to nothing.
        if self.dialect != "postgresql" or not self._inserts:
            return False
        plain = all(statement is statements.plain_insert(statement.table) for statement, _ in self._inserts[:-1])
        return plain and all(len(rows) == 1 for _, rows in self._inserts)

    def _send_as_one_statement(self) -> None:
        *others, (last, (row,)) = self._inserts
        tables = tuple((statement.table, tuple(one)) for statement, (one,) in others)
        statement, names = statements.in_one(last, tuple(row), tables)
        values = dict(zip(names, chain(row.values(), *(one.values() for _, (one,) in others)), strict=True))
        self.written.update(statement.table.name for statement, _ in self._inserts)
        self.alone(lambda dialect: prepared(dialect, statement, names), values)

    def alone(self, statement: Callable[[Dialect], Prepared], values: Row) -> int:
        """Execute a change that is all there is; how many rows it met. Nothing may have been done before."""
        self.must_write()
        return self._do(lambda: execute_alone(self._engine, statement(self._engine.dialect), values))

    def _execute(self, statement: Executable, rows: Sequence[Row] | Row | None = None) -> CursorResult[Any]:
        if isinstance(statement, Insert | Update | Delete) and isinstance(statement.table, Table):
            self.written.add(statement.table.name)
        return self._on_connection(lambda connection: connection.execute(statement, rows))

    def _on_connection(self, execute: Callable[[Connection], T]) -> T:
        return self._do(lambda: execute(self._connection or self._open()))

    def _do(self, execute: Callable[[], T]) -> T:
        self._must_be_whole()
        try:
            return execute()
        except RAISED as error:
            self._failure = translate(error)
            raise self._failure from None

    def _must_be_whole(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _open(self) -> Connection:
        self.must_be_open()
        self._wait_for_turn()
        try:
            engine = with_options(self._engine, one_by_one=self._one_by_one, lasting=self._lasting)
            self._connection = engine.connect()
        except BaseException:
            self._give_up_turn()
            raise
        return self._connection

    def _wait_for_turn(self) -> None:
        if not self.read_only:
            turn = turn_to_write(self._engine)
            turn.take()
            self._turn = turn

    def _give_up_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.give_up()

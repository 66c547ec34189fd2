"""Requests that have names, on SQL."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_requests import idempotency_records
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.statements import insert_of
from notify_adapters.storage.sql.types import database_now, span
from notify_core.accounts.model import Answer, IdempotencyRecord, RequestKey
from notify_core.kernel.errors import Conflict
from notify_core.ports.secrets import Secrets

_c = idempotency_records.c
_NAME = (_c.api_key_id, _c.path, _c.key)

_GET = sa.select(idempotency_records).where(*(column == sa.bindparam(f"of_{column.name}") for column in _NAME))
# What nobody but whoever took the name last may change, and only until it is answered.
_OWN = (
    *(column == sa.bindparam(f"of_{column.name}") for column in _NAME),
    _c.token == sa.bindparam("of_token"),
    _c.status.is_(None),
)
_COMPLETE = (
    sa.update(idempotency_records)
    .where(*_OWN)
    .values(status=sa.bindparam("to_status"), answer_cipher=sa.bindparam("to_cipher"))
)
_DROP = sa.delete(idempotency_records).where(*_OWN)
_FORGET = sa.delete(idempotency_records).where(
    sa.tuple_(*_NAME).in_(
        sa.select(*_NAME)
        .where(_c.created_at < sa.bindparam("moment"))
        .order_by(_c.created_at)
        .limit(sa.bindparam("most"))
    )
)


@cache
def _take(dialect: str) -> sa.Executable:
    """Whose statement returns its row has the name. Two at once: the second waits for the first, and sees its row."""
    columns = ("api_key_id", "path", "key", "body_hash", "token", "created_at")
    until = database_now() + sa.bindparam("length_us", type_=sa.BigInteger)
    given = {name: sa.bindparam(name, type_=_c[name].type) for name in columns}
    statement = insert_of(dialect, idempotency_records).values(**given, leased_until_us=until)
    new = statement.excluded
    kept_since = sa.bindparam("kept_since", type_=_c.created_at.type)
    free = sa.or_(_c.created_at < kept_since, sa.and_(_c.status.is_(None), _c.leased_until_us <= database_now()))
    changes = {name: new[name] for name in ("body_hash", "token", "created_at", "leased_until_us")}
    return statement.on_conflict_do_update(
        index_elements=list(_NAME), set_={**changes, "status": None, "answer_cipher": None}, where=free
    ).returning(_c.token)


class SqlIdempotencyRecords:
    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def begin(self, record: IdempotencyRecord, lease: timedelta, *, kept_since: datetime) -> IdempotencyRecord:
        values = {
            "api_key_id": record.request.api_key_id,
            "path": record.request.path,
            "key": record.request.key,
            "body_hash": record.body_index,
            "token": record.token,
            "created_at": record.created_at,
            "length_us": span(lease),
            "kept_since": kept_since,
        }
        self._session.must_write()
        if self._session.row(_take(self._session.dialect), values) is not None:
            return record
        # The statement has locked the row, so that it is still there.
        (row,) = self._session.rows(_GET, _named(record.request))
        return self._to_record(row)

    def complete(self, record: IdempotencyRecord, answer: Answer) -> None:
        given = {"to_status": answer.status, "to_cipher": self._secrets.encrypt(answer.body, purpose="answer")}
        if not self._session.changed(_COMPLETE, _own(record) | given):
            raise Conflict("another request has taken this Idempotency-Key")

    def drop(self, record: IdempotencyRecord) -> None:
        self._session.changed(_DROP, _own(record))

    def forget_before(self, moment: datetime, limit: int) -> int:
        return self._session.changed(_FORGET, {"moment": moment, "most": limit})

    def _to_record(self, row: Mapping[Any, Any]) -> IdempotencyRecord:
        answer = None
        if row["status"] is not None:
            answer = Answer(row["status"], self._secrets.decrypt(row["answer_cipher"], purpose="answer"))
        request = RequestKey(row["api_key_id"], row["path"], row["key"])
        return IdempotencyRecord(request, row["body_hash"], row["token"], row["created_at"], answer)


def _named(request: RequestKey) -> dict[str, Any]:
    return {"of_api_key_id": request.api_key_id, "of_path": request.path, "of_key": request.key}


def _own(record: IdempotencyRecord) -> dict[str, Any]:
    return _named(record.request) | {"of_token": record.token}

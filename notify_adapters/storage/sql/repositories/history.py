"""What is kept of messages for good, on SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.repositories.letter_rows import LetterRows
from notify_adapters.storage.sql.schema_history import history
from notify_adapters.storage.sql.schema_letters import letters
from notify_adapters.storage.sql.schema_notifications import UNFINISHED, notifications
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.statements import DialectInsert, insert_of
from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import Letter, PastMessage
from notify_core.letters.states import UNFINISHED as UNFINISHED_LETTERS
from notify_core.notifications.model import Channel
from notify_core.ports.secrets import Secrets

_h, _n, _l = history.c, notifications.c, letters.c
_AMONG: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)


def _past(table: sa.Table, unfinished: Sequence[str], columns: Sequence[Any]) -> sa.Select[Any]:
    """of_service, before, number"""
    return (
        sa.select(*columns)
        .where(
            table.c.service_id == sa.bindparam("of_service"),
            table.c.created_at < sa.bindparam("before"),
            table.c.status.not_in(unfinished),
        )
        .order_by(table.c.created_at, table.c.id)
        .limit(sa.bindparam("number"))
    )


_PAST_MESSAGES = _past(notifications, UNFINISHED, [_n.id]).where(_n.channel == sa.bindparam("of_channel"))
_WAITING_LETTERS = sorted(UNFINISHED_LETTERS)
_PAST_LETTERS = _past(letters, _WAITING_LETTERS, [letters])

# Columns of the history, with what they are made of. The rest has the same name in both.
_SAME = (
    "id",
    "service_id",
    "template_id",
    "template_version",
    "key_type",
    "created_at",
    "status",
    "international",
    "job_id",
    "job_row",
    "reference",
    "sent_by",
    "sent_at",
    "completed_at",
)
_OF_MESSAGES: Mapping[str, sa.ColumnElement[Any]] = {
    **{name: _n[name] for name in _SAME},
    "channel": _n.channel,
    "by_api": _n.api_key_id.is_not(None),
    "units": _n.billable_units,
    "rate_multiplier": _n.rate_multiplier,
    "supplier_reference": sa.case((_n.channel == Channel.EMAIL.value, _n.supplier_reference)),
}
_OF_LETTERS: Mapping[str, sa.ColumnElement[Any]] = {
    **{name: _l[name] for name in _SAME},
    "channel": sa.literal(Channel.LETTER.value),
    "by_api": _l.api_key_id.is_not(None),
    "units": _l.sheets,
    "rate_multiplier": sa.literal(1),
    "postage": _l.postage,
    "file_reference": _l.file_reference,
    "upload_file_name": _l.upload_file_name,
}
_DELETE_MESSAGES = sa.delete(notifications).where(_n.id.in_(_AMONG))
_DELETE_LETTERS = sa.delete(letters).where(_l.id.in_(_AMONG))
# An operator may have had one scanned again meanwhile, and must not while it is being moved.
_HOLD_ENDED_LETTERS = (
    sa.select(_l.id).where(_l.id.in_(_AMONG), _l.status.not_in(_WAITING_LETTERS)).order_by(_l.id).with_for_update()
)

_THIS = sa.select(history).where(_h.id == sa.bindparam("id"))
_BY_FILE_REFERENCES = sa.select(history).where(_h.file_reference.in_(sa.bindparam("references", expanding=True)))
_CHANGE_STATUS = sa.update(history).where(_h.id == sa.bindparam("was_id")).values(status=sa.bindparam("becomes"))


@cache
def _take_in(dialect: str, table: sa.Table) -> DialectInsert:
    """ids; what another process has moved meanwhile is left out, and nothing is kept of messages of test keys."""
    columns = _OF_MESSAGES if table is notifications else _OF_LETTERS
    kept = table.c.key_type != KeyType.TEST.value
    wanted = sa.select(*columns.values()).where(table.c.id.in_(_AMONG), kept)
    return insert_of(dialect, history).from_select(list(columns), wanted).on_conflict_do_nothing()


class SqlHistory:
    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._letters = LetterRows(secrets)

    def take_in(self, service_id: ServiceId, channel: Channel, before: datetime, limit: int) -> int:
        wanted = {"of_service": service_id, "of_channel": channel.value, "before": before, "number": limit}
        ids = [row["id"] for row in self._session.rows(_PAST_MESSAGES, wanted)]
        self._move(notifications, _DELETE_MESSAGES, ids)
        return len(ids)

    def past_letters(self, service_id: ServiceId, before: datetime, limit: int) -> Sequence[Letter]:
        rows = self._session.rows(_PAST_LETTERS, {"of_service": service_id, "before": before, "number": limit})
        return [self._letters.to_letter(row) for row in rows]

    def take_in_letters(self, taken: Sequence[Letter]) -> None:
        held = self._session.rows(_HOLD_ENDED_LETTERS, {"ids": [one.id for one in taken]}) if taken else ()
        self._move(letters, _DELETE_LETTERS, [row["id"] for row in held])

    def get(self, notification_id: NotificationId) -> PastMessage:
        row = self._session.row(_THIS, {"id": notification_id})
        if row is None:
            raise NotFound(f"no message {notification_id} in the history")
        return _to_message(row)

    def by_file_references(self, references: Sequence[str]) -> Mapping[str, PastMessage]:
        rows = self._session.rows(_BY_FILE_REFERENCES, {"references": list(references)})
        return {row["file_reference"]: _to_message(row) for row in rows}

    def change_status(self, notification_id: NotificationId, status: str) -> None:
        self._session.changed(_CHANGE_STATUS, {"was_id": notification_id, "becomes": status})

    def _move(self, table: sa.Table, delete: sa.Delete, ids: Sequence[NotificationId]) -> None:
        if ids:
            self._session.changed(_take_in(self._session.dialect, table), {"ids": ids})
            self._session.changed(delete, {"ids": ids})


def _to_message(row: sa.RowMapping) -> PastMessage:
    values = {name: value for name, value in row.items() if name not in {"by_api", "supplier_reference"}}
    values |= {"channel": Channel(row["channel"]), "key_type": KeyType(row["key_type"])}
    return PastMessage(**values)

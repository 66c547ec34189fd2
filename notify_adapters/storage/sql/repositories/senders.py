"""SMS senders and reply-to addresses, on SQL."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_accounts import reply_tos, sms_senders
from notify_adapters.storage.sql.session import Row, SqlSession
from notify_core.accounts.model import ReplyTo, SmsSender
from notify_core.kernel.errors import AlreadyExists, Conflict, NotFound
from notify_core.kernel.ids import ReplyToId, ServiceId, SmsSenderId


def _one(table: sa.Table) -> sa.Select[tuple[object, ...]]:
    return sa.select(table).where(table.c.service_id == sa.bindparam("service_id"), table.c.id == sa.bindparam("id"))


def _default(table: sa.Table) -> sa.Select[tuple[object, ...]]:
    return sa.select(table).where(table.c.service_id == sa.bindparam("service_id"), table.c.is_default).limit(1)


def _all(table: sa.Table) -> sa.Select[tuple[object, ...]]:
    return sa.select(table).where(table.c.service_id == sa.bindparam("service_id"))


def _none(table: sa.Table) -> sa.Delete:
    return sa.delete(table).where(table.c.service_id == sa.bindparam("service_id"), table.c.id == sa.bindparam("id"))


_SMS_SENDER, _REPLY_TO = _one(sms_senders), _one(reply_tos)
_DEFAULT_SMS_SENDER, _DEFAULT_REPLY_TO = _default(sms_senders), _default(reply_tos)
_SMS_SENDERS, _REPLY_TOS = _all(sms_senders), _all(reply_tos)
_NO_SMS_SENDER, _NO_REPLY_TO = _none(sms_senders), _none(reply_tos)
_RECEIVING = (
    sa.select(sms_senders)
    .where(sms_senders.c.inbound, sms_senders.c.sms_sender.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(sms_senders.c.id)
)


class SqlSenders:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def put_sms_sender(self, sender: SmsSender) -> None:
        row = {
            "id": sender.id,
            "service_id": sender.service_id,
            "sms_sender": sender.sms_sender,
            "is_default": sender.is_default,
            "inbound": sender.inbound,
        }
        self._put(sms_senders, row)

    def sms_sender(self, service_id: ServiceId, sender_id: SmsSenderId) -> SmsSender:
        row = self._session.row(_SMS_SENDER, {"service_id": service_id, "id": sender_id})
        if row is None:
            raise NotFound(f"service {service_id} has no SMS sender {sender_id}")
        return SmsSender(**row)

    def default_sms_sender(self, service_id: ServiceId) -> SmsSender | None:
        row = self._session.row(_DEFAULT_SMS_SENDER, {"service_id": service_id})
        return None if row is None else SmsSender(**row)

    def sms_senders(self, service_id: ServiceId) -> Sequence[SmsSender]:
        found = (SmsSender(**row) for row in self._session.rows(_SMS_SENDERS, {"service_id": service_id}))
        # Sorted here, because databases differ in how they order letters.
        return sorted(found, key=lambda one: (not one.is_default, one.sms_sender.casefold(), one.id))

    def remove_sms_sender(self, service_id: ServiceId, sender_id: SmsSenderId) -> None:
        self._session.changed(_NO_SMS_SENDER, {"service_id": service_id, "id": sender_id})

    def receiving(self, numbers: Collection[str]) -> Sequence[SmsSender]:
        return [SmsSender(**row) for row in self._session.rows(_RECEIVING, {"numbers": list(numbers)})]

    def put_reply_to(self, reply_to: ReplyTo) -> None:
        row = {
            "id": reply_to.id,
            "service_id": reply_to.service_id,
            "email_address": reply_to.email_address,
            "is_default": reply_to.is_default,
        }
        self._put(reply_tos, row)

    def reply_to(self, service_id: ServiceId, reply_to_id: ReplyToId) -> ReplyTo:
        row = self._session.row(_REPLY_TO, {"service_id": service_id, "id": reply_to_id})
        if row is None:
            raise NotFound(f"service {service_id} has no reply-to address {reply_to_id}")
        return ReplyTo(**row)

    def default_reply_to(self, service_id: ServiceId) -> ReplyTo | None:
        row = self._session.row(_DEFAULT_REPLY_TO, {"service_id": service_id})
        return None if row is None else ReplyTo(**row)

    def reply_tos(self, service_id: ServiceId) -> Sequence[ReplyTo]:
        found = (ReplyTo(**row) for row in self._session.rows(_REPLY_TOS, {"service_id": service_id}))
        return sorted(found, key=lambda one: (not one.is_default, one.email_address.casefold(), one.id))

    def remove_reply_to(self, service_id: ServiceId, reply_to_id: ReplyToId) -> None:
        self._session.changed(_NO_REPLY_TO, {"service_id": service_id, "id": reply_to_id})

    def _put(self, table: sa.Table, row: Row) -> None:
        if row["is_default"]:
            others = sa.and_(table.c.service_id == row["service_id"], table.c.is_default)
            self._session.changed(sa.update(table).where(others).values(is_default=False))
        try:
            self._session.upsert(table, row)
        except AlreadyExists:
            # The row's own identity is no obstacle: somebody has made another the default since we looked.
            raise Conflict(f"service {row['service_id']} has got another default") from None

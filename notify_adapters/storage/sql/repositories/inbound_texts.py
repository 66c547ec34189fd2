"""Received texts, on SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.paging import behind, place_of
from notify_adapters.storage.sql.schema_inbound import inbound_texts
from notify_adapters.storage.sql.session import SqlSession
from notify_core.inbound.model import InboundText
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import InboundTextId, ServiceId
from notify_core.ports.secrets import Secrets

_c = inbound_texts.c

_THIS = sa.select(inbound_texts).where(_c.id == sa.bindparam("id"))
_KNOWN = sa.select(sa.literal(1)).where(
    _c.supplier == sa.bindparam("supplier"), _c.supplier_reference == sa.bindparam("reference")
)
_PAGE = (
    sa.select(inbound_texts)
    .where(_c.service_id == sa.bindparam("of_service"))
    .order_by(_c.created_at.desc(), _c.id.desc())
    .limit(sa.bindparam("number"))
)
_PAGE_BEHIND = _PAGE.where(behind(_c.created_at, _c.id))
_PLACE = sa.select(_c.created_at, _c.id).where(
    _c.id == sa.bindparam("start"), _c.service_id == sa.bindparam("of_service")
)
_DELETE = sa.delete(inbound_texts).where(
    _c.id.in_(
        sa.select(_c.id)
        .where(_c.service_id == sa.bindparam("of_service"), _c.created_at < sa.bindparam("moment"))
        .limit(sa.bindparam("number"))
    )
)


class SqlInboundTexts:
    """Who wrote and what they wrote are kept encrypted."""

    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def add(self, text: InboundText) -> None:
        row = {
            "id": text.id,
            "service_id": text.service_id,
            "notify_number": text.notify_number,
            "user_number_cipher": self._secrets.encrypt(text.user_number, purpose="recipient"),
            "content_cipher": self._secrets.encrypt(text.content, purpose="inbound-text"),
            "supplier": text.supplier,
            "supplier_reference": text.supplier_reference,
            "sent_at": text.sent_at,
            "created_at": text.created_at,
        }
        self._session.insert(inbound_texts, [row])

    def get(self, text_id: InboundTextId) -> InboundText:
        row = self._session.row(_THIS, {"id": text_id})
        if row is None:
            raise NotFound(f"no received text {text_id}")
        return self._to_text(row)

    def is_known(self, supplier: str, reference: str) -> bool:
        return self._session.scalar(_KNOWN, {"supplier": supplier, "reference": reference}) is not None

    def page(
        self, service_id: ServiceId, older_than: InboundTextId | None = None, limit: int = 250
    ) -> Sequence[InboundText]:
        statement, values = _PAGE, {"of_service": service_id, "number": limit}
        if older_than is not None:
            start = self._session.row(_PLACE, {"of_service": service_id, "start": older_than})
            if start is None:
                return []
            statement, values = _PAGE_BEHIND, values | place_of(start)
        return [self._to_text(row) for row in self._session.rows(statement, values)]

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        return self._session.changed(_DELETE, {"of_service": service_id, "moment": moment, "number": limit})

    def _to_text(self, row: sa.RowMapping) -> InboundText:
        values: dict[str, Any] = {
            name: row[name]
            for name in ("id", "service_id", "notify_number", "supplier", "supplier_reference", "sent_at", "created_at")
        }
        return InboundText(
            **values,
            user_number=self._secrets.decrypt(row["user_number_cipher"], purpose="recipient"),
            content=self._secrets.decrypt(row["content_cipher"], purpose="inbound-text"),
        )

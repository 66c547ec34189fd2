"""Who wants no more emails, on SQL."""

from collections.abc import Sequence

import sqlalchemy as sa

from notify_adapters.storage.sql.paging import behind, place_of
from notify_adapters.storage.sql.schema_inbound import unsubscribe_requests
from notify_adapters.storage.sql.session import SqlSession
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.notifications.model import UnsubscribeRequest
from notify_core.ports.secrets import Secrets

_c = unsubscribe_requests.c

_PAGE = (
    sa.select(unsubscribe_requests)
    .where(_c.service_id == sa.bindparam("of_service"))
    .order_by(_c.requested_at.desc(), _c.notification_id.desc())
    .limit(sa.bindparam("number"))
)
_PAGE_BEHIND = _PAGE.where(behind(_c.requested_at, _c.notification_id))
_PLACE = sa.select(_c.requested_at.label("created_at"), _c.notification_id.label("id")).where(
    _c.notification_id == sa.bindparam("start"), _c.service_id == sa.bindparam("of_service")
)


class SqlUnsubscribeRequests:
    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def add(self, request: UnsubscribeRequest) -> None:
        row = {
            "notification_id": request.notification_id,
            "service_id": request.service_id,
            "template_id": request.template_id,
            "template_version": request.template_version,
            "recipient_cipher": self._secrets.encrypt(request.recipient, purpose="recipient"),
            "requested_at": request.requested_at,
        }
        self._session.insert_ignoring(unsubscribe_requests, [row])

    def page(
        self, service_id: ServiceId, older_than: NotificationId | None = None, limit: int = 250
    ) -> Sequence[UnsubscribeRequest]:
        values = {"of_service": service_id, "number": limit}
        if older_than is None:
            return self._found(_PAGE, values)
        start = self._session.row(_PLACE, {"of_service": service_id, "start": older_than})
        return [] if start is None else self._found(_PAGE_BEHIND, values | place_of(start))

    def _found(self, wanted: sa.Select[tuple[object, ...]], values: dict[str, object]) -> list[UnsubscribeRequest]:
        return [
            UnsubscribeRequest(
                notification_id=row["notification_id"],
                service_id=row["service_id"],
                template_id=row["template_id"],
                template_version=row["template_version"],
                recipient=self._secrets.decrypt(row["recipient_cipher"], purpose="recipient"),
                requested_at=row["requested_at"],
            )
            for row in self._session.rows(wanted, values)
        ]

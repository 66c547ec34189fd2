"""Recipients who want no more emails."""

from collections.abc import Sequence
from dataclasses import dataclass

from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.notifications.model import UnsubscribeRequest
from notify_core.notifications.policies.unsubscribing import check_unsubscribe_link
from notify_core.notifications.ports import NotificationsWork
from notify_core.ports.clock import Clock
from notify_core.ports.secrets import Secrets
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class ShowUnsubscribe:
    """The name of the service whose emails a link is about. Nothing changes: scanners of mail follow links, too.

    :raises NotFound: the link is not ours, or its email has been deleted.
    """

    work: UnitOfWorkFactory[NotificationsWork]
    secrets: Secrets

    def __call__(self, notification_id: NotificationId, signature: str) -> str:
        check_unsubscribe_link(notification_id, signature, self.secrets)
        with self.work(read_only=True) as work:
            return work.services.get(work.notifications.get(notification_id).service_id).name


@dataclass(frozen=True)
class RecordUnsubscribe:
    """Note who wants no more emails, for the service to act on; again and again changes nothing.

    :raises NotFound: the link is not ours, or its email has been deleted.
    """

    work: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    secrets: Secrets

    def __call__(self, notification_id: NotificationId, signature: str) -> str:
        """The name of the service."""
        check_unsubscribe_link(notification_id, signature, self.secrets)
        with self.work() as work:
            email = work.notifications.get(notification_id)
            service = work.services.get(email.service_id)
            work.unsubscribe_requests.add(
                UnsubscribeRequest(
                    notification_id=email.id,
                    service_id=email.service_id,
                    template_id=email.template_id,
                    template_version=email.template_version,
                    recipient=email.recipient,
                    requested_at=self.clock.now(),
                )
            )
            work.commit()
        return service.name


@dataclass(frozen=True)
class ListUnsubscribeRequests:
    """A page of a service's requests, newest first.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[NotificationsWork]

    def __call__(self, service_id: ServiceId, older_than: NotificationId | None = None) -> Sequence[UnsubscribeRequest]:
        with self.work(read_only=True) as work:
            return work.unsubscribe_requests.page(work.services.get(service_id).id, older_than)

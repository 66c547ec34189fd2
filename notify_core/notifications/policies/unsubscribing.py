"""Our own unsubscribe links: whoever has one may use it, nobody can make one up."""

from typing import Final

from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import NotificationId
from notify_core.ports.secrets import Secrets

_PURPOSE: Final = "unsubscribe"


def unsubscribe_link(api_base_url: str, notification_id: NotificationId, secrets: Secrets) -> str:
    return f"{api_base_url}/unsubscribe/{notification_id}/{secrets.sign(str(notification_id), purpose=_PURPOSE)}"


def check_unsubscribe_link(notification_id: NotificationId, signature: str, secrets: Secrets) -> None:
    """:raises NotFound: the link is not ours."""
    if not secrets.verify(str(notification_id), signature, purpose=_PURPOSE):
        raise NotFound("This link does not work. Copy the whole of it from the email.")

"""What is checked before a message is accepted, besides its template. Texts are the published API's."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from notify_core.accounts.model import Permission, Service
from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.notifications.model import Channel

FURTHEST_SCHEDULE: Final = timedelta(hours=24)
# Characters; nobody's mail program follows more.
LONGEST_URL: Final = 2_000

_PLURAL: Final = {Channel.SMS: "text messages", Channel.EMAIL: "emails", Channel.LETTER: "letters"}


def check_permission(service: Service, channel: Channel) -> None:
    """:raises NotAllowed: the service has not been given this channel."""
    if Permission(channel.value) not in service.permissions:
        raise NotAllowed(f"Service is not allowed to send {_PLURAL[channel]}")


def check_schedule(
    scheduled_for: datetime | None, now: datetime, furthest: timedelta = FURTHEST_SCHEDULE, said: str = "24 hours"
) -> None:
    """:raises InvalidValue: in the past, or further ahead than ``furthest``, which people are told as ``said``."""
    if scheduled_for is None:
        return
    if scheduled_for < now:
        raise InvalidValue("scheduled_for datetime can not be in the past")
    if scheduled_for > now + furthest:
        raise InvalidValue(f"scheduled_for datetime can only be {said} in the future")


def check_unsubscribe_url(url: str | None) -> None:
    """It goes into a header as it is, so that nothing but an address may be in it.

    :raises InvalidValue: it is no https address, or too long.
    """
    if url is None:
        return
    try:
        parts = urlsplit(url)
    except ValueError:
        # Brackets with no address of version 6 in them.
        parts = urlsplit("")
    printable = url.isascii() and url.isprintable() and not any(character in url for character in " <>")
    if parts.scheme != "https" or not parts.hostname or not printable or len(url) > LONGEST_URL:
        raise InvalidValue("one_click_unsubscribe_url is not a valid https url")

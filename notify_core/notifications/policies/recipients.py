"""Who may be written to, and the recipients that are nobody."""

from typing import Final

from notify_core.accounts.model import KeyType, Permission, Service
from notify_core.kernel.errors import NotAllowed
from notify_core.notifications.model import Channel, Outcome
from notify_core.recipients.model import PhoneNumber

SIMULATED: Final = frozenset(
    {
        "simulate-delivered@notifications.service.gov.uk",
        "simulate-delivered-2@notifications.service.gov.uk",
        "simulate-delivered-3@notifications.service.gov.uk",
        "+447700900000",
        "+447700900111",
        "+447700900222",
    }
)

# What follows when a test key writes to one of these; every other recipient counts as reached.
_FAILING_NUMBERS: Final = {"7700900003": Outcome.TEMPORARY, "7700900002": Outcome.PERMANENT}
_FAILING_ADDRESSES: Final = {
    "temp-fail@simulator.notify": Outcome.TEMPORARY,
    "perm-fail@simulator.notify": Outcome.PERMANENT,
}


def is_simulated(recipient: str) -> bool:
    """Whether a message to ``recipient`` (normalised) is answered and then forgotten."""
    return recipient in SIMULATED


def simulated_outcome(channel: Channel, recipient: str) -> Outcome:
    """How a test key's message to ``recipient`` (normalised) ends."""
    if channel is Channel.EMAIL:
        return _FAILING_ADDRESSES.get(recipient, Outcome.DELIVERED)
    return next((end for tail, end in _FAILING_NUMBERS.items() if recipient.endswith(tail)), Outcome.DELIVERED)


def whose_recipients_are_limited(service: Service, key_type: KeyType) -> str | None:
    """Why only the team and the guest list may be written to; None: everybody may."""
    if key_type is KeyType.TEAM:
        return "Can’t send to this recipient using a team-only API key"  # noqa: RUF001 - the published text
    if key_type is KeyType.NORMAL and service.restricted:
        return (
            "Can’t send to this recipient when service is in trial mode "  # noqa: RUF001 - the published text
            "– see https://www.notifications.service.gov.uk/trial-mode"  # noqa: RUF001 - the published text
        )
    return None


def check_recipient(service: Service, key_type: KeyType, *, is_known: bool) -> None:
    """``is_known``: the recipient is of the team or on the guest list.

    :raises NotAllowed: a stranger, and only known recipients may be written to.
    """
    reason = whose_recipients_are_limited(service, key_type)
    if reason and not is_known:
        raise NotAllowed(reason)


def check_international(service: Service, number: PhoneNumber) -> None:
    """:raises NotAllowed: a number abroad; those of the Crown dependencies are not."""
    if number.international and Permission.INTERNATIONAL_SMS not in service.permissions:
        raise NotAllowed("Cannot send to international mobile numbers")

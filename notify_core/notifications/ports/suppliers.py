"""Who sends, for how much, and how messages are shared out among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from notify_core.kernel.errors import PermanentError
from notify_core.notifications.model import Balance, Channel, SmsRate


class SupplierRefused(PermanentError):
    """The supplier will never take this message (bad address, forbidden content)."""


@dataclass(frozen=True, slots=True)
class OutgoingSms:
    """``reference`` is ours: the same for every try of one message. ``recipient`` is E.164."""

    reference: str
    recipient: str
    content: str
    sender: str
    international: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingEmail:
    """``from_address`` is ``"Name" <address>``; ``headers`` are extra ones (list-unsubscribe)."""

    reference: str
    recipient: str
    subject: str
    plain: str
    html: str
    from_address: str
    reply_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class SmsSupplier(Protocol):
    """A supplier of text messages."""

    @property
    def name(self) -> str:
        """What receipts and records call it."""
        ...

    def send(self, message: OutgoingSms) -> str:
        """Hand one message over; returns the reference its receipts will carry.

        :raises TransientError: not taken now (time-out, 5xx, too busy); may have been taken all the same.
        :raises SupplierRefused: never will be.
        """
        ...


class EmailSupplier(Protocol):
    """A supplier of emails."""

    @property
    def name(self) -> str:
        """What receipts and records call it."""
        ...

    @property
    def sends_receipts(self) -> bool:
        """Whether it tells later what became of a message. If not, what it took counts as sent."""
        ...

    def send(self, message: OutgoingEmail) -> str:
        """Hand one message over; returns the reference its receipts will carry.

        :raises TransientError: not taken now (time-out, 5xx, too busy); may have been taken all the same.
        :raises SupplierRefused: never will be.
        """
        ...


class Balances(Protocol):
    """How messages are shared out among suppliers, channel by channel."""

    def get(self, channel: Channel) -> Balance | None:
        """None: nothing has disturbed it yet."""
        ...

    def change(self, was: Balance | None, becomes: Balance) -> None:
        """Store ``becomes``, with the version after that of ``was``, if that is what is stored (None: nothing).

        :raises Conflict: another change was first.
        """
        ...


class SmsRates(Protocol):
    def put(self, rate: SmsRate) -> None:
        """One per moment: replaces the earlier one."""
        ...

    def all(self) -> Sequence[SmsRate]:
        """Oldest first; there are few."""
        ...

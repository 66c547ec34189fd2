"""What receiving texts needs from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from notify_core.accounts.ports import AccountsWork
from notify_core.inbound.model import InboundText, ReceivedText
from notify_core.kernel.errors import NotifyError
from notify_core.kernel.ids import InboundTextId, ServiceId


class InboundTexts(Protocol):
    def add(self, text: InboundText) -> None:
        """:raises AlreadyExists: at commit, when there is one with its id, or its supplier and reference."""
        ...

    def get(self, text_id: InboundTextId) -> InboundText:
        """:raises NotFound: no such text, or it has been deleted."""
        ...

    def is_known(self, supplier: str, reference: str) -> bool:
        """Whether a text of this supplier with this reference is there."""
        ...

    def page(
        self, service_id: ServiceId, older_than: InboundTextId | None = None, limit: int = 250
    ) -> Sequence[InboundText]:
        """Newest first, from behind ``older_than``; empty when the service has no such text."""
        ...

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        """Delete up to ``limit`` of the service's texts from before ``moment``; returns how many."""
        ...


class InboundWork(AccountsWork, Protocol):
    @property
    def inbound_texts(self) -> InboundTexts: ...


class InboundUnreadable(NotifyError):
    """A request is not what the supplier sends; the message says why."""


class InboundUnauthenticated(NotifyError):
    """A request does not say from whom it is."""


class InboundForbidden(NotifyError):
    """A request is not from the supplier."""


@dataclass(frozen=True, slots=True)
class InboundRequest:
    """What arrived: header names in lower case, the raw body."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a supplier takes for "we have it"."""

    body: str
    content_type: str


class InboundTranslator(Protocol):
    """Turns what a supplier brings into a text; lives beside the sending code of that supplier."""

    @property
    def supplier(self) -> str:
        """The last part of the endpoint's path, and the supplier that its texts name."""
        ...

    @property
    def acknowledgement(self) -> Acknowledgement: ...

    def translate(self, request: InboundRequest) -> ReceivedText:
        """The text in a request.

        :raises InboundUnauthenticated: it shows no user name and password.
        :raises InboundForbidden: it shows wrong ones.
        :raises InboundUnreadable: it is not understood.
        """
        ...

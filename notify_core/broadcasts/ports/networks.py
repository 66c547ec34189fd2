"""The mobile networks, as broadcasts see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from notify_core.broadcasts.model import Instruction, Route
from notify_core.kernel.errors import PermanentError, TransientError


class NetworkFormat(StrEnum):
    CAP = "cap"
    IBAG = "ibag"


@dataclass(frozen=True, slots=True)
class NetworkProfile:
    """What distinguishes one mobile network from another. ``functions`` are its two proxies' names,
    the first route's first; ``needs_number``: its messages carry a message number."""

    name: str
    format: NetworkFormat
    functions: tuple[str, str]
    needs_number: bool = False


class NetworkFailed(TransientError):
    """The network did not acknowledge on this route; the message says what happened."""


class NetworkRefuses(PermanentError):
    """No network of this format would take the instruction; the message is the first fault."""


@dataclass(frozen=True, slots=True)
class NetworkPreview:
    """What would go to a network: the proxies' names, the first route's first; the JSON object that either is
    sent; and the XML that the cell broadcast centre receives for it."""

    functions: tuple[str, str]
    payload: Mapping[str, object]
    xml: str


class Networks(Protocol):
    """The mobile networks' cell broadcast centres, each behind two proxies."""

    def enabled(self) -> tuple[str, ...]:
        """The names of the networks that alerts go to."""
        ...

    def profile(self, network: str) -> NetworkProfile:
        """:raises NotFound: no such network is known."""
        ...

    def is_connected(self, network: str) -> bool:
        """Whether anything is talked to at all; false for every network with the adapter ``disabled``.

        :raises NotFound: no such network is known.
        """
        ...

    def send(self, network: str, route: Route, instruction: Instruction) -> None:
        """Hand over; returns when the network has acknowledged. The same identifier with the same
        content may be sent again and is acknowledged again.

        :raises NetworkFailed: time-out, error answer, or it could not be reached; it may have
            acknowledged all the same.
        :raises NotFound: no such network is known.
        """
        ...

    def preview(self, network: str, instruction: Instruction, at: datetime) -> NetworkPreview:
        """What :meth:`send` would hand over ``at`` this moment; nothing is talked to.

        :raises NetworkRefuses: the network would not take it, because it is unfit or not complete. What has expired
            is shown all the same, and which identifiers the network knows is not asked.
        :raises NotFound: no such network is known.
        """
        ...

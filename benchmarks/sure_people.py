"""People who act over HTTP while the platform is killed: where a connection broke, they look before they repeat."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import requests

from benchmarks.alerts import Agency
from benchmarks.drained import HasParts
from notify_core.broadcasts.states import MessageStatus, RevisionStatus
from notify_core.kernel.errors import TransientError
from notify_core.kernel.ids import BroadcastMessageId

T = TypeVar("T")

PAUSE = 0.1


class GaveUp(Exception):
    """The platform did not come back in time."""


@dataclass
class SurePeople:
    """``until`` is the moment, by the monotonic clock, at which they give up. ``unsure`` counts the acts of which they
    could not know whether they had taken place; they look in the database, for the platform may be down."""

    agency: Agency
    container: HasParts
    until: float
    unsure: int = 0

    def approve(self, message: str) -> None:
        self._surely(lambda: self.agency.approve(message), lambda: self._status(message) is MessageStatus.BROADCASTING)

    def cancel(self, message: str) -> None:
        self._surely(lambda: self.agency.cancel(message), lambda: self._status(message) is MessageStatus.CANCELLED)

    def update(self, message: str, content: str) -> None:
        self._surely(lambda: self.agency.propose(message, content), lambda: bool(self._revisions(message)))
        ((revision, _),) = self._read(lambda: self._revisions(message))
        self._surely(
            lambda: self.agency.decide(message, revision),
            lambda: self._revisions(message) == [(revision, RevisionStatus.APPROVED)],
        )

    def _surely(self, act: Callable[[], object], done: Callable[[], bool]) -> None:
        unsure = False
        while time.monotonic() < self.until:
            try:
                act()
            except requests.RequestException as error:
                refused = error.response is not None and error.response.status_code < 500
                if refused and not unsure:
                    raise
                self.unsure += not unsure
                unsure = True
                if self._read(done):
                    return
                if refused:
                    raise
                time.sleep(PAUSE)
            else:
                return
        raise GaveUp("the platform did not answer")

    def _read(self, look: Callable[[], T]) -> T:
        """The database may be away as well."""
        while time.monotonic() < self.until:
            try:
                return look()
            except TransientError:
                time.sleep(PAUSE)
        raise GaveUp("the database did not answer")

    def _status(self, message: str) -> MessageStatus:
        with self.container.work()(read_only=True) as work:
            status: MessageStatus = work.broadcast_messages.get(_id(message)).status
        return status

    def _revisions(self, message: str) -> list[tuple[str, RevisionStatus]]:
        """Of a message that is revised once."""
        with self.container.work()(read_only=True) as work:
            found: list[Any] = work.broadcast_revisions.of_message(_id(message))
        return [(str(one.id), one.status) for one in found]


def _id(message: str) -> BroadcastMessageId:
    return BroadcastMessageId(UUID(message))

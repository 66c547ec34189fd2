"""Changing what a service has: who asks, and the line in the audit log."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from notify_core.accounts.model import AuditEntry
from notify_core.accounts.ports import AccountsWork
from notify_core.kernel import trace
from notify_core.kernel.ids import ServiceId
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks for a change, and by which way in (``http``, ``cli``, ``provision``): see :class:`AuditEntry`."""

    who: str
    where: str


OPERATOR: Final = Actor("operator", "cli")


@dataclass
class Acting:
    """A change under way: the open unit of work, and what every part of it needs."""

    work: AccountsWork
    random: RandomSource
    now: datetime
    actor: Actor

    def changed(self, what: str, subject: UUID | str) -> None:
        """Say so in the audit log, without personal data."""
        note(self.work, self.actor, what, subject, self.now)


def note(work: AccountsWork, actor: Actor, what: str, subject: object, at: datetime) -> None:
    """Add a line to the audit log in the transaction of what it tells."""
    request = trace.request_id.get()
    where = actor.where if request is None else f"{actor.where} {request}"
    work.audit.add(AuditEntry(at, actor.who, what, str(subject), where))


@dataclass(frozen=True)
class ChangesService:
    """What changing something of a service needs. Changes of one service happen one after the other, so that what
    is checked is still so when it is stored."""

    work: UnitOfWorkFactory[AccountsWork]
    clock: Clock
    random: RandomSource

    @contextmanager
    def changing(self, service_id: ServiceId, actor: Actor) -> Iterator[Acting]:
        """Committed when the block ends without an error.

        :raises NotFound: no such service.
        """
        with self.work() as work:
            work.services.get_for_change(service_id)
            yield Acting(work, self.random, self.clock.now(), actor)
            work.commit()

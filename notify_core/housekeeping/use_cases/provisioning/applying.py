"""What every part of a file is applied with."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid5

from notify_core.accounts.model import Service
from notify_core.accounts.use_cases.acting import Actor
from notify_core.housekeeping.model import Issued, IssuedKind, Provisioned
from notify_core.housekeeping.use_cases.templates import Writing

OPERATOR: Final = Actor("operator", "provision")


@dataclass
class Applying(Writing):
    """One application of one file: what has been done in it."""

    allow_private_addresses: bool = False
    changes: list[str] = field(default_factory=list)
    issued: list[Issued] = field(default_factory=list)

    def changed(self, what: str, subject: UUID | str) -> None:
        """Say so in the answer and in the audit log."""
        self.changes.append(f"{what} {subject}")
        super().changed(what, subject)

    def issue(self, kind: IssuedKind, service: Service, name: str, text: str) -> None:
        self.issued.append(Issued(kind, service.name, name, text))

    def result(self) -> Provisioned:
        return Provisioned(tuple(self.changes), tuple(self.issued))


def derived_id(owner: UUID, kind: str, natural_key: str) -> UUID:
    """The id of a thing that the file gives none: the same whenever the file is applied."""
    return uuid5(owner, f"{kind}:{natural_key}")

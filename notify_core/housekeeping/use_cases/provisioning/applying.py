"""What every part of a file is applied with."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from notify_core.accounts.model import AuditEntry, Service
from notify_core.housekeeping.model import Issued, IssuedKind, Provisioned
from notify_core.housekeeping.ports import ProvisioningWork
from notify_core.ports.random_source import RandomSource


@dataclass
class Applying:
    """One application of one file: the open unit of work and what has been done in it."""

    work: ProvisioningWork
    random: RandomSource
    now: datetime
    allow_private_addresses: bool
    changes: list[str] = field(default_factory=list)
    issued: list[Issued] = field(default_factory=list)

    def changed(self, what: str, subject: UUID | str) -> None:
        """Say so in the answer and in the audit log."""
        self.changes.append(f"{what} {subject}")
        self.work.audit.add(AuditEntry(self.now, "operator", what, str(subject), "provision"))

    def issue(self, kind: IssuedKind, service: Service, name: str, text: str) -> None:
        self.issued.append(Issued(kind, service.name, name, text))

    def webhook_secret(self) -> str:
        """As Standard Webhooks writes them; two UUIDs hold 244 random bits."""
        return "whsec_" + base64.b64encode(self.random.uuid().bytes + self.random.uuid().bytes).decode()

    def result(self) -> Provisioned:
        return Provisioned(tuple(self.changes), tuple(self.issued))


def derived_id(owner: UUID, kind: str, natural_key: str) -> UUID:
    """The id of a thing that the file gives none: the same whenever the file is applied."""
    return uuid5(owner, f"{kind}:{natural_key}")

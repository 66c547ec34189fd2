"""The use case: a file, applied as a whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from notify_core.housekeeping.model import Provisioned
from notify_core.housekeeping.ports import ProvisioningWork
from notify_core.housekeeping.use_cases.provisioning.applying import OPERATOR, Applying
from notify_core.housekeeping.use_cases.provisioning.rates import apply_rate
from notify_core.housekeeping.use_cases.provisioning.reading import Reader, Table, tables
from notify_core.housekeeping.use_cases.provisioning.services import apply_service
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_FILE: Mapping[str, Reader] = {"services": tables, "rates": tables}


@dataclass(frozen=True)
class Provision:
    """Create or update what a parsed TOML or JSON document describes; applied again, it changes
    nothing. What the document leaves out stays as it is.

    :raises InvalidValue: the document is not right; the message says where. Nothing was changed.
    """

    work: UnitOfWorkFactory[ProvisioningWork]
    clock: Clock
    random: RandomSource
    allow_private_addresses: bool = False

    def __call__(self, document: Mapping[str, object]) -> Provisioned:
        given = Table(document, "").read(_FILE)
        with self.work() as work:
            applying = Applying(work, self.random, self.clock.now(), OPERATOR, self.allow_private_addresses)
            for table in given.get("services", []):
                apply_service(applying, table)
            for table in given.get("rates", []):
                apply_rate(applying, table)
            work.commit()
        return applying.result()

"""What housekeeping is asked to do."""

from notify_core.housekeeping.use_cases.failed_rows import RowAct, TendFailedRow
from notify_core.housekeeping.use_cases.provisioning import Provision

__all__ = ["Provision", "RowAct", "TendFailedRow"]

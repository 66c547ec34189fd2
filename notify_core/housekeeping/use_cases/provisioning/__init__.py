"""Setting up services and what belongs to them from a file."""

from notify_core.housekeeping.use_cases.provisioning.provision import Provision

__all__ = ["Provision"]

"""What housekeeping needs from outside."""

from typing import Protocol

from notify_core.accounts.ports import AccountsWork
from notify_core.templates.ports import TemplatesWork


class ProvisioningWork(AccountsWork, TemplatesWork, Protocol):
    """Accounts and templates are strangers to each other; a file sets up both."""

"""What housekeeping needs from outside."""

from typing import Protocol

from notify_core.letters.ports import LetterRatesWork
from notify_core.notifications.ports import NotificationsWork


class ProvisioningWork(NotificationsWork, LetterRatesWork, Protocol):
    """A file sets up accounts, templates and what messages cost."""

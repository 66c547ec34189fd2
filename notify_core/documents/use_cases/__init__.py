"""Keeping files, showing and handing them over, and deleting them when their time is over."""

from notify_core.documents.use_cases.delete import DeleteExpired
from notify_core.documents.use_cases.hand_over import (
    ConfirmRecipient,
    DocumentExpired,
    DocumentView,
    DownloadDocument,
    HandedOver,
    NotTheRecipient,
    ShowDocument,
)
from notify_core.documents.use_cases.keep import KeepFiles, LinkedFiles

__all__ = [
    "ConfirmRecipient",
    "DeleteExpired",
    "DocumentExpired",
    "DocumentView",
    "DownloadDocument",
    "HandedOver",
    "KeepFiles",
    "LinkedFiles",
    "NotTheRecipient",
    "ShowDocument",
]

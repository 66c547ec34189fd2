"""What letters are called, when they are printed, and what the printer takes."""

from notify_core.letters.policies.cut_off import cut_off, deadline_of, print_deadline
from notify_core.letters.policies.delivery_estimate import estimated_delivery
from notify_core.letters.policies.naming import (
    CUT_OFF,
    POSTAGE_CLASSES,
    bucket_of,
    day_folder,
    folder_in,
    print_day,
    require_key,
    search_prefix,
    upload_name,
)
from notify_core.letters.policies.rules import LetterRules

__all__ = [
    "CUT_OFF",
    "POSTAGE_CLASSES",
    "LetterRules",
    "bucket_of",
    "cut_off",
    "day_folder",
    "deadline_of",
    "estimated_delivery",
    "folder_in",
    "print_day",
    "print_deadline",
    "require_key",
    "search_prefix",
    "upload_name",
]

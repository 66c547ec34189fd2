"""What letters are called, when they are printed, and what the printer takes."""

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
    "day_folder",
    "folder_in",
    "print_day",
    "require_key",
    "search_prefix",
    "upload_name",
]

"""What letters are called, when they are printed, and what the printer takes."""

from notify_core.letters.policies.addresses import AT_HOME, postage_to
from notify_core.letters.policies.billing import billed_sheets
from notify_core.letters.policies.cut_off import cut_off, deadline_of, print_deadline
from notify_core.letters.policies.delivery_estimate import estimated_delivery
from notify_core.letters.policies.naming import (
    CUT_OFF,
    POSTAGE_CLASSES,
    bucket_of,
    day_folder,
    folder_in,
    print_day,
    reference_in,
    require_key,
    search_prefix,
    upload_name,
)
from notify_core.letters.policies.refusals import MESSAGES, Flaw, NotPrintable
from notify_core.letters.policies.rules import LetterRules

__all__ = [
    "AT_HOME",
    "CUT_OFF",
    "MESSAGES",
    "POSTAGE_CLASSES",
    "Flaw",
    "LetterRules",
    "NotPrintable",
    "billed_sheets",
    "bucket_of",
    "cut_off",
    "day_folder",
    "deadline_of",
    "estimated_delivery",
    "folder_in",
    "postage_to",
    "print_day",
    "print_deadline",
    "reference_in",
    "require_key",
    "search_prefix",
    "upload_name",
]

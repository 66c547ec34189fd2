"""What of a letter is paid for."""

from notify_core.accounts.model import KeyType


def billed_sheets(pages: int, key_type: KeyType) -> int:
    """Sheets are printed on both sides; those of a test key, on none."""
    return 0 if key_type is KeyType.TEST else (pages + 1) // 2

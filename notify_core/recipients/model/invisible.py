"""What comes along when people paste a recipient from elsewhere."""

import unicodedata


def without_invisible(text: str) -> str:
    """``text`` without zero-width and directional marks, its ends trimmed."""
    if text.isascii():
        return text.strip()
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()

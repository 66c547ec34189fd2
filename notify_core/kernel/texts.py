"""What a text may hold, whatever it is for."""

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether every database can keep it: PostgreSQL keeps no zero, and none keeps half of a surrogate pair."""
    return _UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """``text`` with a replacement character for each that not every database can keep."""
    return _UNSTORABLE.sub("\ufffd", text)

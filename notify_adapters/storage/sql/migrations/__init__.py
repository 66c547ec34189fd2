"""The revisions of the schema. What they may do is in ``docs/upgrading.md``."""

from functools import cache
from pathlib import Path

VERSIONS = Path(__file__).parent / "versions"


@cache
def newest_revision() -> str:
    """By the names of the files: whoever only wants to say which release it is need not load them."""
    return max(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*.py"))

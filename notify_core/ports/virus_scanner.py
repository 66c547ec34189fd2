"""Looking for viruses in files."""

from typing import Protocol


class VirusScanner(Protocol):
    def scan(self, content: bytes) -> str | None:
        """The name of what was found in a file; None: nothing.

        :raises TransientError: the scanner is not there now, or cannot scan; says when to try again.
        """
        ...

"""A scanner that finds one thing: the text that every scanner takes for a virus, which harms nobody."""

from dataclasses import dataclass, field

from notify_core.kernel.errors import NotifyError

# In two parts, so that scanners leave this file alone.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class MemoryVirusScanner:
    """``scanned`` is what it was shown."""

    scanned: list[bytes] = field(default_factory=list)
    _failures: list[NotifyError] = field(default_factory=list)

    def fail_with(self, *errors: NotifyError) -> None:
        """The next scans meet these errors, one each."""
        self._failures.extend(errors)

    def scan(self, content: bytes) -> str | None:
        self.scanned.append(content)
        if self._failures:
            raise self._failures.pop(0)
        return "Eicar" if EICAR in content else None

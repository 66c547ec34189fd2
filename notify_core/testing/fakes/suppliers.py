"""Suppliers that remember what they were given instead of sending it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from notify_core.kernel.errors import NotifyError, TransientError
from notify_core.notifications.ports import OutgoingEmail, OutgoingSms, SupplierRefused


@dataclass
class _Script:
    """The failures to come: each send takes the next one; ``lasting`` is met by every send."""

    once: list[NotifyError] = field(default_factory=list)
    lasting: NotifyError | None = None

    def play(self) -> None:
        if self.once:
            raise self.once.pop(0)
        if self.lasting is not None:
            raise self.lasting


@dataclass
class _Scriptable:
    name: str = "memory"
    calls: list[str] = field(default_factory=list)
    _script: _Script = field(default_factory=_Script)

    def fail_with(self, *errors: NotifyError) -> None:
        """The next sends meet these errors, one each."""
        self._script.once.extend(errors)

    def make_it_fail(self) -> None:
        """Every send meets a TransientError until :meth:`make_it_work`."""
        self._script.lasting = TransientError(f"{self.name} is down")

    def make_it_refuse(self) -> None:
        """Every send is refused for good until :meth:`make_it_work`."""
        self._script.lasting = SupplierRefused(f"{self.name} will not take this")

    def make_it_work(self) -> None:
        self._script = _Script()

    def _answer(self, reference: str) -> str:
        self.calls.append(reference)
        self._script.play()
        return f"{self.name}-{reference}"


@dataclass
class MemorySmsSupplier(_Scriptable):
    """``messages`` are the texts taken, by our reference; ``calls`` every reference tried."""

    messages: dict[str, OutgoingSms] = field(default_factory=dict)

    def send(self, message: OutgoingSms) -> str:
        answer = self._answer(message.reference)
        # A repeated reference is the same message: the first stays.
        self.messages.setdefault(message.reference, message)
        return answer

    def texts(self) -> Sequence[tuple[str, str, str]]:
        """(recipient, sender, content) of what was taken, oldest first."""
        return [(taken.recipient, taken.sender, taken.content) for taken in self.messages.values()]


@dataclass
class MemoryEmailSupplier(_Scriptable):
    """``messages`` are the emails taken, by our reference; ``calls`` every reference tried."""

    sends_receipts: bool = True
    messages: dict[str, OutgoingEmail] = field(default_factory=dict)

    def send(self, message: OutgoingEmail) -> str:
        answer = self._answer(message.reference)
        self.messages.setdefault(message.reference, message)
        return answer

    def emails(self) -> Sequence[OutgoingEmail]:
        """What was taken, oldest first."""
        return list(self.messages.values())

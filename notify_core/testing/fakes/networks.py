"""The mobile networks, in memory."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import RLock

from notify_core.broadcasts.model import Instruction, InstructionType, Route
from notify_core.broadcasts.ports import NetworkFailed, NetworkFormat, NetworkPreview, NetworkProfile, NetworkRefuses
from notify_core.kernel.errors import NotFound

PROFILES = (
    NetworkProfile("ee", NetworkFormat.CAP, ("ee-1-proxy", "ee-2-proxy")),
    NetworkProfile("o2", NetworkFormat.CAP, ("o2-1-proxy", "o2-2-proxy")),
    NetworkProfile("three", NetworkFormat.CAP, ("three-1-proxy", "three-2-proxy")),
    NetworkProfile("vodafone", NetworkFormat.IBAG, ("vodafone-1-proxy", "vodafone-2-proxy"), needs_number=True),
)

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_OF_EARLIER = {InstructionType.UPDATE, InstructionType.CANCEL}
_WITH_CONTENT = {InstructionType.ALERT, InstructionType.UPDATE}
_CONTENT = ("headline", "description", "sent", "expires", "language", "channel")


@dataclass(frozen=True, slots=True)
class Sent:
    """One call of ``send``; ``acknowledged`` says whether the network took it, also where the caller
    was told otherwise."""

    network: str
    route: Route
    instruction: Instruction
    acknowledged: bool


@dataclass(slots=True)
class _Script:
    detail: str
    times: int | None  # None: for ever
    acknowledges: bool


class MemoryNetworks:
    """Remembers what each network acknowledged, refuses the same identifier with another content and
    references it never saw, and fails as scripted."""

    def __init__(
        self,
        enabled: Sequence[str] | None = None,
        profiles: Sequence[NetworkProfile] = PROFILES,
        *,
        connected: bool = True,
    ) -> None:
        self._profiles = {profile.name: profile for profile in profiles}
        self._enabled = tuple(self._profiles) if enabled is None else tuple(enabled)
        self._connected = connected
        self._scripts: dict[tuple[str, Route], _Script] = {}
        self._acknowledged: dict[tuple[str, str], Instruction] = {}
        self._calls: list[Sent] = []
        self._lock = RLock()

    def enabled(self) -> tuple[str, ...]:
        return self._enabled

    def profile(self, network: str) -> NetworkProfile:
        try:
            return self._profiles[network]
        except KeyError:
            raise NotFound(f"no network is called {network}") from None

    def is_connected(self, network: str) -> bool:
        self.profile(network)
        return self._connected

    def send(self, network: str, route: Route, instruction: Instruction) -> None:
        self.profile(network)
        with self._lock:
            failure = self._answer(network, route, instruction)
            acknowledged = self._acknowledged.get((network, instruction.identifier)) == instruction
            self._calls.append(Sent(network, route, instruction, acknowledged))
        if failure is not None:
            raise NetworkFailed(failure)

    def preview(self, network: str, instruction: Instruction, at: datetime) -> NetworkPreview:
        profile = self.profile(network)
        if fault := _fault(instruction, profile):
            raise NetworkRefuses(fault)
        told: dict[str, object] = {"message_type": instruction.type.value, "identifier": instruction.identifier}
        if profile.needs_number:
            told["message_number"] = instruction.message_number
        named = {**told, "sender": instruction.sender, "sent": at.isoformat()}
        xml = "".join(f"<{name}>{value}</{name}>" for name, value in named.items())
        return NetworkPreview(profile.functions, told, f"<{profile.format}>{xml}</{profile.format}>")

    def _answer(self, network: str, route: Route, instruction: Instruction) -> str | None:
        """The failure the caller sees, or None for an acknowledgement."""
        if not self._connected:
            return f"{network} is not connected"
        script = self._next_script(network, route)
        if script is not None and not script.acknowledges:
            return script.detail
        refusal = self._refusal(network, instruction)
        if refusal is not None:
            return refusal
        self._acknowledged[network, instruction.identifier] = instruction
        return None if script is None else script.detail

    def _refusal(self, network: str, instruction: Instruction) -> str | None:
        earlier = self._acknowledged.get((network, instruction.identifier))
        if earlier is not None:
            return None if earlier == instruction else f"{network} had {instruction.identifier} with other content"
        if instruction.type in _OF_EARLIER:
            if not instruction.references:
                return f"{network} was told to {instruction.type} nothing"
            for reference in instruction.references:
                if (network, str(reference.message_id)) not in self._acknowledged:
                    return f"{network} never had {reference.message_id}"
        return None

    def _next_script(self, network: str, route: Route) -> _Script | None:
        script = self._scripts.get((network, route))
        if script is None:
            return None
        if script.times is not None:
            script.times -= 1
            if script.times <= 0:
                del self._scripts[network, route]
        return script

    # Scripting and looking

    def fail(
        self, network: str, route: Route | None = None, times: int | None = None, detail: str = "scripted failure"
    ) -> None:
        """The next ``times`` sends (None: all) on ``route`` (None: on either) fail, unheard by the network."""
        self._script(network, route, times, detail, acknowledges=False)

    def lose_acknowledgement(
        self, network: str, route: Route | None = None, times: int | None = None, detail: str = "scripted time-out"
    ) -> None:
        """The network takes the next ``times`` sends, and the caller sees a failure all the same."""
        self._script(network, route, times, detail, acknowledges=True)

    def _script(self, network: str, route: Route | None, times: int | None, detail: str, *, acknowledges: bool) -> None:
        self.profile(network)
        with self._lock:
            for each in Route if route is None else (route,):
                self._scripts[network, each] = _Script(detail, times, acknowledges)

    def recover(self, network: str, route: Route | None = None) -> None:
        """Forget what was scripted."""
        with self._lock:
            for each in Route if route is None else (route,):
                self._scripts.pop((network, each), None)

    def disconnect(self) -> None:
        """From now on nothing is talked to, as with the adapter ``disabled``."""
        self._connected = False

    def enable(self, *networks: str) -> None:
        """From now on alerts go to these networks only."""
        self._enabled = networks

    def acknowledged(self, network: str) -> tuple[Instruction, ...]:
        """What the network took, each identifier once, in the order it was first taken."""
        with self._lock:
            return tuple(taken for (name, _), taken in self._acknowledged.items() if name == network)

    def calls(self, network: str | None = None) -> tuple[Sent, ...]:
        """Every send, in order, whatever became of it."""
        with self._lock:
            return tuple(call for call in self._calls if network in {None, call.network})


def _fault(instruction: Instruction, profile: NetworkProfile) -> str | None:
    """Why no network of that kind would take it."""
    needed = (
        *(("message_number",) if profile.needs_number else ()),
        *(_CONTENT if instruction.type in _WITH_CONTENT else ()),
        *(("sent",) if instruction.type is InstructionType.CANCEL else ()),
    )
    if missing := [name for name in needed if getattr(instruction, name) is None]:
        return f"{instruction.type} {instruction.identifier} has no {missing[0]}"
    if instruction.type in _OF_EARLIER and not instruction.references:
        return f"{instruction.type} of nothing: it has no references"
    if _UNWRITABLE.search(instruction.description or ""):
        return "the text has control characters, which XML cannot hold"
    return None

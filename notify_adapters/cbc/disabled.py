"""No network is talked to; which networks there are is known all the same."""

from collections.abc import Mapping
from datetime import datetime

from notify_adapters.cbc.preview import preview
from notify_adapters.cbc.profiles import OPTIONS_OF_ALL, Profiles, load_profiles
from notify_adapters.options import known
from notify_core.broadcasts.model import Instruction, Route
from notify_core.broadcasts.ports import NetworkFailed, NetworkPreview, NetworkProfile, Networks

OPTIONS = OPTIONS_OF_ALL


class DisabledNetworks:
    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    def enabled(self) -> tuple[str, ...]:
        return self._profiles.enabled

    def profile(self, network: str) -> NetworkProfile:
        return self._profiles.profile(network)

    def is_connected(self, network: str) -> bool:
        self.profile(network)
        return False

    def send(self, network: str, route: Route, instruction: Instruction) -> None:  # noqa: ARG002 - the port's names
        self.profile(network)
        raise NetworkFailed(f"{instruction.identifier} was not sent to {network}: no network is connected here")

    def preview(self, network: str, instruction: Instruction, at: datetime) -> NetworkPreview:
        return preview(instruction, self.profile(network), at)


def build(options: Mapping[str, str]) -> Networks:
    known(options, *OPTIONS)
    return DisabledNetworks(load_profiles(options))

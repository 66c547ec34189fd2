"""Fake mobile networks that take, check and remember the same messages as real ones."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from notify_adapters.cbc.fake_centre import FakeCentre
from notify_adapters.cbc.fake_store import Behaviour, Broadcast, FakeNetworkStore
from notify_adapters.cbc.payloads import payload
from notify_adapters.cbc.preview import preview
from notify_adapters.cbc.profiles import OPTIONS_OF_ALL, Profiles, load_profiles
from notify_adapters.options import known, required
from notify_core.broadcasts.model import Instruction, Route
from notify_core.broadcasts.ports import NetworkFailed, NetworkPreview, NetworkProfile, Networks

OPTIONS = OPTIONS_OF_ALL


class FakeNetworks:
    def __init__(self, store: FakeNetworkStore, profiles: Profiles) -> None:
        self.store = store
        self.profiles = profiles
        self._centre = FakeCentre(store)
        self._centre.prepare()

    def enabled(self) -> tuple[str, ...]:
        return self.profiles.enabled

    def profile(self, network: str) -> NetworkProfile:
        return self.profiles.profile(network)

    def is_connected(self, network: str) -> bool:
        self.profile(network)
        return True

    def send(self, network: str, route: Route, instruction: Instruction) -> None:
        profile = self.profile(network)
        told = payload(instruction, profile)
        try:
            answer = self._centre.receive(profile, route, told)
        except sqlite3.Error as error:
            raise NetworkFailed(f"the fake network cannot use its file: {error}") from error
        if not answer.acknowledged:
            raise NetworkFailed(answer.detail)

    def preview(self, network: str, instruction: Instruction, at: datetime) -> NetworkPreview:
        return preview(instruction, self.profile(network), at)

    def script(self, network: str, route: Route | None, behaviour: Behaviour, times: int | None = None) -> None:
        """The next ``times`` calls (None: all) on ``route`` (None: on each of both) behave so.

        :raises NotFound: no such network is known.
        """
        self.profile(network)
        self.store.script(network, route, behaviour, times)

    def broadcasts(self, network: str | None = None) -> tuple[Broadcast, ...]:
        """What the network (None: each) took, oldest first, without link tests."""
        return self.store.broadcasts(network)


def build(options: Mapping[str, str]) -> Networks:
    known(options, *OPTIONS)
    return FakeNetworks(FakeNetworkStore(required(options, "data_dir")), load_profiles(options))

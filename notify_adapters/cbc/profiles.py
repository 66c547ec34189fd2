"""The networks that are installed, ours and strangers', and those that alerts go to."""

from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points

from notify_adapters.options import BadOption, comma_list
from notify_core.broadcasts.ports import NetworkProfile
from notify_core.kernel.errors import NotFound

ENTRY_POINT_GROUP = "notify.networks"
OPTIONS_OF_ALL: Mapping[str, str] = {
    "enabled": "the networks that alerts go to, separated by commas (ee,o2,three,vodafone)"
}
DEFAULT_ENABLED = ("ee", "o2", "three", "vodafone")


class Profiles:
    """What is known of each network, by name; ``enabled`` are those that alerts go to."""

    def __init__(self, known: Mapping[str, NetworkProfile], enabled: tuple[str, ...] | None = None) -> None:
        self._known = dict(known)
        self.enabled = tuple(self._known) if enabled is None else enabled

    def profile(self, network: str) -> NetworkProfile:
        """:raises NotFound: no such network; the message lists the known ones."""
        try:
            return self._known[network]
        except KeyError:
            raise NotFound(f"no network is called {network!r}; known are: {', '.join(self._known)}") from None

    def __iter__(self) -> Iterator[NetworkProfile]:
        return iter(self._known.values())


def installed_profiles() -> dict[str, NetworkProfile]:
    """Every network some installed distribution offers, by its profile's name, in alphabetical order."""
    profiles = [point.load() for point in entry_points(group=ENTRY_POINT_GROUP)]
    return {profile.name: profile for profile in sorted(profiles, key=lambda profile: profile.name)}


def load_profiles(options: Mapping[str, str]) -> Profiles:
    """The installed networks, with those enabled that the option ``enabled`` names.

    :raises BadOption: it names a network that is not installed.
    """
    known = installed_profiles()
    enabled = tuple(dict.fromkeys(comma_list(options, "enabled", DEFAULT_ENABLED)))
    for network in enabled:
        if network not in known:
            raise BadOption(f"enabled: {network!r} is no installed network; known are: {', '.join(known) or 'none'}")
    return Profiles(known, enabled)

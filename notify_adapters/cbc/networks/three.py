"""Three."""

from notify_core.broadcasts.ports import NetworkFormat, NetworkProfile

PROFILE = NetworkProfile(name="three", format=NetworkFormat.CAP, functions=("three-1-proxy", "three-2-proxy"))

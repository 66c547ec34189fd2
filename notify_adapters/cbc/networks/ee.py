"""EE."""

from notify_core.broadcasts.ports import NetworkFormat, NetworkProfile

PROFILE = NetworkProfile(name="ee", format=NetworkFormat.CAP, functions=("ee-1-proxy", "ee-2-proxy"))

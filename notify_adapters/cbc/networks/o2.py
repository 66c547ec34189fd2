"""O2."""

from notify_core.broadcasts.ports import NetworkFormat, NetworkProfile

PROFILE = NetworkProfile(name="o2", format=NetworkFormat.CAP, functions=("o2-1-proxy", "o2-2-proxy"))

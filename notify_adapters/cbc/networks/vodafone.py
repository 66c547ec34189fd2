"""Vodafone: IBAG instead of CAP, and a number on every message."""

from notify_core.broadcasts.ports import NetworkFormat, NetworkProfile

PROFILE = NetworkProfile(
    name="vodafone",
    format=NetworkFormat.IBAG,
    functions=("vodafone-1-proxy", "vodafone-2-proxy"),
    needs_number=True,
)

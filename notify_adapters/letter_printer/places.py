"""What the adapters have in common."""

from collections.abc import Mapping
from typing import Final

from notify_adapters.options import BadOption, comma_list

OPTIONS: Final[Mapping[str, str]] = {
    "volumes_to": "addresses that are told each evening how many letters there will be, with commas",
}


def incoming(zip_name: str) -> str:
    """What a zip is called until all of it is there."""
    return f"{zip_name}.tmp"


def volumes_to(options: Mapping[str, str]) -> tuple[str, ...]:
    """:raises BadOption: what stands there is no address."""
    addresses = comma_list(options, "volumes_to")
    for address in addresses:
        if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
            raise BadOption(f"option volumes_to has {address!r}, which is no email address")
    return addresses

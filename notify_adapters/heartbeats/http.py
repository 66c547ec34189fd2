"""A watcher that is told by GET requests."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from notify_adapters.http import HttpClient
from notify_adapters.options import BadOption, known, required, seconds
from notify_core.kernel.errors import NotifyError
from notify_core.ports.heartbeats import Beat, Heartbeats

OPTIONS: Mapping[str, str] = {
    "url": "the watcher's address, with {name} and {state} in it",
    "timeout": "seconds to wait for it (2)",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class HttpHeartbeats:
    """``url`` holds ``{name}`` and ``{state}``, and perhaps a key, so it is not shown."""

    client: HttpClient
    url: str = field(repr=False)

    def beat(self, name: str, state: Beat) -> None:
        url = self.url.replace("{name}", quote(name, safe="")).replace("{state}", state.value)
        try:
            self.client.get(url)
        except NotifyError as error:
            _log.warning("heartbeat %s of %s was not heard: %s", state.value, name, error)


def build(options: Mapping[str, str]) -> Heartbeats:
    """Options ``url`` with ``{name}`` and ``{state}`` in it; ``timeout`` in seconds (2)."""
    known(options, *OPTIONS)
    url = required(options, "url")
    if "{name}" not in url or "{state}" not in url:
        raise BadOption("option url must hold {name} and {state}")
    timeout = seconds(options, "timeout", 2)
    return HttpHeartbeats(HttpClient(connect_timeout=timeout, read_timeout=timeout), url)

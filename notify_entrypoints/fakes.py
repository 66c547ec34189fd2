"""``notify fakes``: suppliers and mobile networks played in a process of their own.

For trying the platform on the engines of production: the fake suppliers' receipts are brought from
here, and the fake networks answer in the shape of AWS Lambda, for the adapter ``lambda`` with
``AWS_ENDPOINT_URL_LAMBDA`` pointing here. What they have on air is shown at ``/fake-network``.
"""

import logging
import signal
from threading import Event, Thread
from typing import TYPE_CHECKING

from dependency_injector import providers
from waitress.server import create_server

from notify_adapters.cbc.fake import FakeNetworks
from notify_adapters.cbc.fake_endpoint import InvokeEndpoint
from notify_adapters.cbc.fake_store import FakeNetworkStore
from notify_adapters.cbc.profiles import load_profiles
from notify_entrypoints.containers import Container
from notify_entrypoints.containers.adapters import companions
from notify_entrypoints.http.app import create_fake_network_app
from notify_entrypoints.settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)


def serve(settings: Settings, port: int) -> None:
    """Play until a signal says stop.

    :raises SettingsError: in ``live``, where nobody must take a fake for the real thing; the port is taken.
    """
    if settings.live:
        raise SettingsError("notify fakes is refused in live: it reaches nobody")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    try:
        server = create_server(_application(settings), host=settings.host, port=port, threads=16)
    except OSError as error:
        raise SettingsError(f"--port {port}: cannot be served: {error.strerror}") from error
    stop = Event()
    for companion in companions(settings):
        Thread(target=companion.run, args=(stop,), daemon=True).start()
    log.info("playing suppliers and networks on http://%s:%d, data in %s", settings.host, port, settings.data_dir)
    try:
        server.run()
    finally:
        stop.set()
        server.close()


def _application(settings: Settings) -> "WSGIApplication":
    """Lambda's invoke call, and, where there are secrets to ask for, the page."""
    options = settings.adapters["cbc"][0].options
    networks = FakeNetworks(FakeNetworkStore(settings.data_dir), load_profiles(options))
    key = options.get("access_key_id")
    endpoint = InvokeEndpoint(networks.store, networks.profiles, access_key_id=key)
    if not (settings.admin_secrets and settings.secret_keys):
        log.info("no page /fake-network here: that needs NOTIFY_ADMIN_SECRETS and NOTIFY_SECRET_KEYS")
        return endpoint
    container = Container(settings=settings)
    # Whatever the deployment sends with, these are the networks that are played here.
    container.cbc.override(providers.Object(networks))
    page = create_fake_network_app(container)

    def either(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        shown = environ.get("PATH_INFO", "").startswith("/fake-network")
        return (page if shown else endpoint)(environ, start_response)

    return either


def _leave(_signal: int, _frame: object) -> None:
    raise SystemExit(0)

"""``notify serve``: the API, the relay, the workers, the scheduler and the fakes in one process."""

import fcntl
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EADDRINUSE
from pathlib import Path
from threading import Event, Thread
from typing import Any

from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from notify_adapters.private_folder import make_private_folder
from notify_adapters.task_queue.embedded import EmbeddedQueue
from notify_core.registry.tasks import REGISTRY
from notify_entrypoints.containers import Container, check_schema, migrate, prepare
from notify_entrypoints.containers.adapters import Companion
from notify_entrypoints.http import create_app
from notify_entrypoints.http.app import LARGEST_BODY
from notify_entrypoints.refusals import refuse_as_the_api
from notify_entrypoints.runner import EmbeddedRunner, threads_for
from notify_entrypoints.settings import Settings, SettingsError
from notify_entrypoints.settings.variables import PORTS

log = logging.getLogger(__name__)

HTTP_THREADS = 16

# Seconds a fake supplier that is just bringing a receipt may take.
COMPANION_PATIENCE = 1.0


def serve(settings: Settings) -> None:
    """Serve until a signal says stop; then finish what has begun. A second signal does not wait for that.

    :raises SettingsError: an adapter does not start, the database is not there or of another release,
        another process serves this data directory, the address is taken, or workers are to do the work.
    """
    if (chosen := settings.adapters["task_queue"][0].name) != "embedded":
        raise SettingsError(
            f"NOTIFY_TASK_QUEUE={chosen}: notify serve does its work itself; serve the API with gunicorn"
        )
    # waitress ends its loop by SystemExit, which the handler raises in the main thread.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    container = Container(settings=settings)
    with _alone(settings.data_dir):
        if settings.embedded_database:
            # Nobody else uses it, so that nothing need be left for another release.
            migrate(container, contract=True)
        check_schema(container)
        _start_adapters(container)
        runner, companions, stop = _runner(container), container.companions(), Event()
        server = _server(container, settings)
        runner.start()
        beside = [_start_companion(one, stop) for one in companions]
        log.info("serving %s, data in %s", settings.api_base_url, settings.data_dir)
        try:
            server.run()
        finally:
            log.info("finishing what has begun")
            stop.set()
            server.close()
            if not runner.stop():
                log.warning("some work was still under way; it goes on after the next start")
            for thread in beside:
                thread.join(COMPANION_PATIENCE)
            container.wake().close()
            container.engine().dispose()


def _start_companion(companion: Companion, stop: Event) -> Thread:
    """A started thread; what it has not done when the process ends, it does after the next start."""
    thread = Thread(target=companion.run, args=(stop,), name=type(companion).__name__, daemon=True)
    thread.start()
    return thread


def _start_adapters(container: Container) -> None:
    # Now: a wrong option must stop the start, not the first message.
    for port in PORTS:
        container.providers[port.name]()
    prepare(container, REGISTRY)


def _server(container: Container, settings: Settings) -> BaseWSGIServer | MultiSocketServer:
    app = create_app(container)
    address = f"NOTIFY_HOST={settings.host}, NOTIFY_PORT={settings.port}"
    sockets: dict[int, Any] = {}
    try:
        server = create_server(
            app,
            map=sockets,
            host=settings.host,
            port=settings.port,
            threads=HTTP_THREADS,
            # Refused before it is kept; what is only a little too large the API itself refuses.
            max_request_body_size=2 * LARGEST_BODY,
        )
    except OSError as error:
        advice = "; choose another with --port" if error.errno == EADDRINUSE else ""
        raise SettingsError(f"{address}: cannot be served: {error.strerror}{advice}") from error
    except ValueError as error:
        raise SettingsError(f"{address}: there is no such address") from error
    refuse_as_the_api(sockets.values())
    return server


def _runner(container: Container) -> EmbeddedRunner:
    queue = container.task_queue()
    if not isinstance(queue, EmbeddedQueue):
        raise SettingsError("NOTIFY_TASK_QUEUE must be embedded here: `notify serve` does the background work itself")
    return EmbeddedRunner(
        container.execute(),
        container.relay(),
        container.tick(),
        container.ledger(),
        queue,
        container.wake(),
        container.worker(),
        threads_for(len(container.cbc().enabled()), container.settings().task_limit_per_key),
    )


def _leave(_signal: int, _frame: object) -> None:
    raise SystemExit(0)


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """One process serves a data directory: its in-process queue is how the next start knows what was lost.

    The lock is the kernel's, so it ends with the process, however that ends.
    """
    try:
        make_private_folder(data_dir)
        file = (data_dir / "serve.lock").open("w")
    except OSError as error:
        raise SettingsError(f"NOTIFY_DATA_DIR: {data_dir} cannot be used: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            advice = "end it, or choose another"
            raise SettingsError(f"NOTIFY_DATA_DIR: another process serves {data_dir}: {advice}") from None
        yield

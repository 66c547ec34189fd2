"""A platform on a port of this machine, with its background work and its fake suppliers."""

import socket
from contextlib import contextmanager
from threading import Event, Thread

from waitress import wasyncore
from waitress.server import create_server

from notify_entrypoints.runner import EmbeddedRunner


@contextmanager
def serving(make_notify):
    """The platform that ``make_notify`` makes, whose ``root`` is where clients find it."""
    listener = socket.create_server(("127.0.0.1", 0))
    root = f"http://127.0.0.1:{listener.getsockname()[1]}"
    notify = make_notify(
        "live", NOTIFY_API_BASE_URL=root, NOTIFY_SMS_FAKE_RECEIPT_DELAY="0.01", NOTIFY_EMAIL_RECEIPT_DELAY="0.01"
    )
    container, stop = notify.container, Event()
    runner = EmbeddedRunner(
        container.execute(),
        container.relay(),
        container.tick(),
        container.ledger(),
        container.task_queue(),
        container.wake(),
        container.worker(),
    )
    server = create_server(notify.app, sockets=[listener], threads=4)
    companions = container.companions()
    threads = [Thread(target=one.run, args=(stop,)) for one in companions]
    threads.append(Thread(target=_serve_until, args=(server, stop)))
    runner.start()
    for thread in threads:
        thread.start()
    notify.root = root
    yield notify
    stop.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert runner.stop(10)
    # Those that keep a database; the simulated printer has folders.
    for companion in companions:
        if hasattr(companion, "close"):
            companion.close()


def _serve_until(server, stop):
    """As ``server.run``, but ended in its own thread: closing sockets that another thread waits for fails at times."""
    while not stop.is_set():
        wasyncore.loop(timeout=0.05, map=server._map, count=1)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(server._map)

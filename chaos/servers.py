"""PostgreSQL and Redis of one run's own, which may be stopped in the middle of a sentence."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psycopg
import redis

from demo.account import eventually
from demo.processes import free_port

_OWNER = "postgres"
_DEBIAN = Path("/usr/lib/postgresql")


class NotInstalled(Exception):
    """A program that the suite needs is not there."""


def needed(program: str, where: Iterable[Path] = ()) -> str:
    """The path of a program.

    :raises NotInstalled: it is nowhere.
    """
    found = shutil.which(program) or next((str(one / program) for one in where if (one / program).exists()), None)
    if found is None:
        raise NotInstalled(f"the chaos suite needs {program}, which is not installed")
    return found


class Server:
    """One server process with a folder of its own, in a group of its own."""

    def __init__(self, prefix: str, user: str | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=prefix))
        self.port = free_port()
        self._user = user
        if user is not None:
            shutil.chown(self.folder, user)
        self._process: subprocess.Popen[bytes] | None = None

    def end(self, number: signal.Signals) -> None:
        """The server gets the signal and ends."""
        assert self._process is not None
        self._process.send_signal(number)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def close(self) -> None:
        if self._process is not None:
            self.end(signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, *command: str) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, user=self._user, start_new_session=True
            )


class PostgreSql(Server):
    """Durable commits and autovacuum, as in production. It refuses to be root, so root lends it its own user."""

    def __init__(self) -> None:
        super().__init__("notify-chaos-postgresql-", _OWNER if os.geteuid() == 0 else None)
        versions = sorted(_DEBIAN.glob("*/bin"), key=lambda one: int(one.parent.name), reverse=True)
        self._data = self.folder / "data"
        self._postgres = needed("postgres", versions)
        initdb = needed("initdb", versions)
        subprocess.run(
            [initdb, "-D", str(self._data), "-U", "notify", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True, capture_output=True, user=self._user, timeout=120, cwd=self.folder,
        )  # fmt: skip

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://notify@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Returns when it lets somebody in."""
        self._start(
            self._postgres, "-D", str(self._data), "-p", str(self.port), "-k", str(self.folder),
            "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300", "-c", "fsync=on", "-c", "autovacuum=on",
        )  # fmt: skip
        eventually(self._answers, within=60, otherwise="PostgreSQL did not start")

    def restart(self, *, crash: bool) -> None:
        """All connections end; ``crash``: nothing is written down before, and the log is read at the next start."""
        self.end(signal.SIGQUIT if crash else signal.SIGINT)
        self.start()

    def _answers(self) -> bool | None:
        with suppress(psycopg.OperationalError), psycopg.connect(self._dsn, connect_timeout=2):
            return True
        return None

    @property
    def _dsn(self) -> str:
        return self.url.replace("+psycopg", "")


class Redis(Server):
    """Keeps nothing on disk: whoever restarts it finds it empty."""

    def __init__(self) -> None:
        super().__init__("notify-chaos-redis-")
        self._program = needed("redis-server")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self._start(
            self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
        )  # fmt: skip
        eventually(self._answers, within=30, otherwise="Redis did not start")

    def empty(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool | None:
        with suppress(redis.ConnectionError), redis.Redis.from_url(self.url) as client:
            return bool(client.ping()) or None
        return None

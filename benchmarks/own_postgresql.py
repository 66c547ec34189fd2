"""A PostgreSQL server of a benchmark's own, as it comes: autovacuum and durable commits on."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.processes import free_port

# Where Debian keeps what is not for everybody's path.
_DEBIAN = "/usr/lib/postgresql/*/bin"
# Who runs it when we are root, as whom it would not start.
_NOBODY_SPECIAL = "postgres"


@dataclass(frozen=True)
class OwnServer:
    """The URL of its database, and what it writes."""

    url: str
    log: Path


@contextmanager
def own_postgresql(settings: Mapping[str, str] | None = None) -> Iterator[OwnServer]:
    """For as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="notify-bench-postgresql-") as name:
        folder, port = Path(name), free_port()
        if os.geteuid() == 0:
            shutil.chown(folder, _NOBODY_SPECIAL)
        data, log = str(folder / "data"), str(folder / "log")
        given = {
            "port": str(port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": name,
            **(settings or {}),
        }
        options = " ".join(f"-c {key}={value}" for key, value in given.items())
        _run(
            "initdb", "--pgdata", data, "--username", "bench", "--auth", "trust", "--encoding", "UTF8", "--locale", "C"
        )
        _run("pg_ctl", "--pgdata", data, "--log", log, "--options", options, "--wait", "start")
        try:
            yield OwnServer(f"postgresql+psycopg://bench@127.0.0.1:{port}/postgres", Path(log))
        finally:
            _run("pg_ctl", "--pgdata", data, "--mode", "fast", "--wait", "stop")


def _run(program: str, *arguments: str) -> None:
    as_whom = ("runuser", "-u", _NOBODY_SPECIAL, "--") if os.geteuid() == 0 else ()
    command = [*as_whom, _path(program), *arguments]
    # Not captured by a pipe: the server would keep it open.
    with tempfile.TemporaryFile("w+") as said:
        ran = subprocess.run(command, stdout=said, stderr=said, check=False, timeout=60, cwd="/")
        if ran.returncode:
            said.seek(0)
            raise SystemExit(f"{program}: {said.read().strip()}")


def _path(program: str) -> str:
    newest = sorted(Path("/").glob(_DEBIAN.lstrip("/")), key=lambda folder: int(folder.parent.name))[-1:]
    path = shutil.which(program) or next((found for one in newest if (found := shutil.which(program, path=one))), None)
    if path is None:
        raise SystemExit(f"{program} is needed for a server of its own; install PostgreSQL with the system's packages")
    return path

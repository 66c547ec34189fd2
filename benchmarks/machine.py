"""What machine a figure was measured on, and how much processor time a group of processes took."""

import os
import platform
import shutil
import statistics
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import psycopg
import redis

from benchmarks.databases import POSTGRESQL, REDIS, dsn

LIBRARIES = ("flask", "gunicorn", "sqlalchemy", "psycopg", "celery", "redis", "cryptography", "reportlab", "pypdfium2")
# Of PostgreSQL, as far as it decides what is measured.
SETTINGS = ("autovacuum", "fsync", "synchronous_commit", "shared_buffers")


def describe() -> str:
    """Processors, Python, and the libraries that matter."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("flask", "sqlalchemy", "celery", "gunicorn"))
    return f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}, {libraries}"


def hardware() -> str:
    """The processor, its cores, the memory."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{_processor()}, {os.cpu_count()} cores, {pages / 1e9:.0f} GB of memory, {platform.platform()}"


def programs() -> str:
    """Versions of what Notify runs on; of PostgreSQL, how it is set."""
    with psycopg.connect(dsn(POSTGRESQL)) as connection:
        found = {name: _setting(connection, name) for name in ("server_version", *SETTINGS)}
    postgresql = found.pop("server_version").split()[0]
    settings = ", ".join(f"{name} {value}" for name, value in found.items())
    broker = redis.Redis.from_url(REDIS).info("server")["redis_version"]
    return f"Python {platform.python_version()}, PostgreSQL {postgresql} ({settings}), Redis {broker}, {_wrk()}"


def libraries() -> str:
    return ", ".join(f"{name} {version(name)}" for name in LIBRARIES)


def _setting(connection: psycopg.Connection[tuple[object, ...]], name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    return str(row[0]) if row else "unknown"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _wrk() -> str:
    path = shutil.which("wrk")
    # It ends with status 1 when it is asked for its version.
    said = subprocess.run([path, "-v"], capture_output=True, text=True, check=False).stdout if path else ""
    return " ".join(said.split()[:2]) or "no wrk"


def processor_seconds(names: Sequence[str]) -> float:
    """User and system time so far of all processes whose command line contains one of ``names``."""
    ticks = 0
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if any(name in command for name in names):
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def need(program: str, why: str) -> str:
    """The path of a program that the benchmark needs."""
    path = shutil.which(program)
    if path is None:
        raise SystemExit(f"{program} is needed {why}; install it with the system's packages")
    return path


def spread(values: Sequence[float]) -> str:
    """Median, and the range it comes from."""
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"

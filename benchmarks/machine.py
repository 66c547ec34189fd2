"""What machine a figure was measured on, and how much processor time a group of processes took."""

import os
import platform
import shutil
import statistics
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path


def describe() -> str:
    """Processors, Python, and the libraries that matter."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("flask", "sqlalchemy", "celery", "gunicorn"))
    return f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}, {libraries}"


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

"""Starting programs, waiting until they answer, ending them."""

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import requests

from demo.account import eventually


class Processes:
    """The programs of one platform, each with its output in a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *command: str, environment: Mapping[str, str]) -> None:
        with self.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                [program(command[0]), *command[1:]],
                env=environment,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                # A group of its own: a killed server's children go with it.
                start_new_session=True,
            )

    def wait_for(self, name: str, answers: Callable[[], bool]) -> None:
        """Until it answers; when it ends instead, what it wrote last is told."""

        def look() -> bool | None:
            if self._running[name].poll() is not None:
                last = self.log(name).read_text(encoding="utf-8")[-1500:]
                raise RuntimeError(f"{name} ended: {last}")
            return answers() or None

        eventually(look, within=60, otherwise=f"{name} did not answer (see {self.log(name)})")

    def kill(self, *names: str) -> None:
        """SIGKILL: no farewell, nothing tidied up."""
        self._signal(signal.SIGKILL, *names)
        for name in names:
            self._running.pop(name).wait()

    def kill_child(self, name: str) -> bool:
        """SIGKILL to one child of it, whichever; false: it has none. (Linux)"""
        _, *children = self.pids(name)
        if not children:
            return False
        # It may have ended by itself in this moment.
        with suppress(ProcessLookupError):
            os.kill(random.choice(children), signal.SIGKILL)  # noqa: S311 - nobody guesses at it
        return True

    def pids(self, name: str) -> list[int]:
        """Its own, and those of its children. (Linux)"""
        pid = self._running[name].pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
        return [pid, *map(int, children)]

    def alive(self) -> list[str]:
        """Which of them run."""
        return [name for name, process in self._running.items() if process.poll() is None]

    def ended(self) -> list[str]:
        """Which of them ended by themselves."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    def stop(self) -> None:
        """SIGTERM to all, the last one started first; SIGKILL to what does not end."""
        for name, process in reversed(list(self._running.items())):
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL, name)
                process.wait()
        self._running.clear()

    def log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _signal(self, number: int, *names: str) -> None:
        for name in names:
            os.killpg(self._running[name].pid, number)


def program(name: str) -> str:
    """A program installed beside this Python, or one of the machine."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else name


def run(*command: str, environment: Mapping[str, str]) -> str:
    """One command to its end; what it printed."""
    ran = subprocess.run(
        [program(command[0]), *command[1:]], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    if ran.returncode:
        raise RuntimeError(f"{' '.join(command)}: {ran.stderr.strip() or ran.stdout.strip()}")
    return ran.stdout


def answers(url: str) -> bool:
    """Whether somebody answers there without an error of its own."""
    try:
        return requests.get(url, timeout=1).status_code < 500
    except (requests.ConnectionError, requests.Timeout):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def clean_environment() -> dict[str, str]:
    """This process's environment without settings of Notify."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NOTIFY_")}

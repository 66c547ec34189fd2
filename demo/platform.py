"""The platform as a stranger starts it: the command line, the environment, nothing else."""

import json
from abc import ABC, abstractmethod
from pathlib import Path
from secrets import token_hex
from typing import Any

from demo.processes import Processes, answers, clean_environment, free_port, run


class Platform(ABC):
    """One set of engines under the same script."""

    title: str
    # What ``start`` starts and ``kill`` kills.
    parts: tuple[str, ...]

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder / "data"
        self.admin_secret = token_hex(32)
        self._folder = folder
        self._port = free_port()
        self._processes = Processes(folder)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def fake_network_url(self) -> str:
        """The page of the fake networks: where they are played."""
        return f"{self.url}/fake-network"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **clean_environment(),
            "NOTIFY_DATA_DIR": str(self.data_dir),
            "NOTIFY_PORT": str(self._port),
            "NOTIFY_API_BASE_URL": self.url,
            "NOTIFY_ADMIN_SECRETS": self.admin_secret,
            # The demonstration's receiver listens on this machine.
            "NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES": "true",
        }

    def notify(self, *arguments: str) -> str:
        """One command of the command line, to its end; what it printed."""
        return run("notify", *arguments, environment=self.environment)

    def provision(self, document: dict[str, Any]) -> dict[str, Any]:
        """Make the database and apply a provisioning document; what it changed and issued."""
        self.notify("migrate")
        file = self._folder / "provision.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        report: dict[str, Any] = json.loads(self.notify("provision", str(file), "--json"))
        return report

    @abstractmethod
    def prepare(self) -> None:
        """What must be there before the platform itself."""

    @abstractmethod
    def start(self, *parts: str) -> None:
        """Start these parts, all where none is named; returns when the platform answers."""

    def kill(self, *parts: str) -> None:
        """SIGKILL to these parts at once, to all where none is named."""
        self._processes.kill(*(parts or self.parts))

    def kill_child(self, part: str) -> bool:
        """SIGKILL to one of the processes that a part has under it; false: it has none."""
        return self._processes.kill_child(part)

    def pids(self, part: str) -> list[int]:
        """The processes of a part, its main one first."""
        return self._processes.pids(part)

    def ended(self) -> list[str]:
        """What of it ended by itself."""
        return self._processes.ended()

    def stop(self) -> None:
        """SIGTERM: everything finishes what it has begun."""
        self._processes.stop()


class EmbeddedPlatform(Platform):
    """``notify serve``: one process, SQLite."""

    title = "Notify on this machine: SQLite, one process, nothing else"
    parts = ("serve",)

    def prepare(self) -> None:
        """Nothing: that is the point of it."""

    def start(self, *parts: str) -> None:
        for part in parts or self.parts:
            self._processes.start(part, "notify", "serve", environment=self.environment)
            self._processes.wait_for(part, lambda: answers(f"{self.url}/_status"))

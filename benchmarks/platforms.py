"""Platforms whose networks are a process of their own, and take a little time to answer."""

from pathlib import Path

from demo.platform import EmbeddedPlatform, Platform
from demo.processes import answers, free_port


class FakesApart(EmbeddedPlatform):
    """``notify serve``, and ``notify fakes``, which nobody kills."""

    title = "embedded: SQLite, one process"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._fakes = free_port()

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "NOTIFY_CBC": "lambda",
            "NOTIFY_CBC_ACCESS_KEY_ID": "bench",
            "NOTIFY_CBC_SECRET_ACCESS_KEY": "bench",
            "AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{self._fakes}",
        }

    def prepare(self) -> None:
        self._processes.start("fakes", "notify", "fakes", "--port", str(self._fakes), environment=self.environment)
        self._processes.wait_for("fakes", lambda: answers(f"http://127.0.0.1:{self._fakes}/"))


def on_celery(folder: Path) -> Platform:
    """PostgreSQL, Redis, S3 played by moto. What a worker took out of Redis and died with comes again soon."""
    from demo.production import ProductionPlatform

    class Production(ProductionPlatform):
        title = "Celery: PostgreSQL, Redis"

        @property
        def environment(self) -> dict[str, str]:
            return {**super().environment, "NOTIFY_TASK_LEASE": "30s"}

    return Production(folder)

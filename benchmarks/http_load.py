"""The API on gunicorn with two sync workers and PostgreSQL with durable commits, under eight connections of wrk."""

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import psycopg
from sqlalchemy import make_url

from benchmarks.baseline import TABLES
from benchmarks.databases import POSTGRESQL, dsn, fresh_database
from benchmarks.figures import Figure, tell
from benchmarks.machine import describe, need, processor_seconds, spread
from demo.processes import Processes, answers, clean_environment, free_port, run

SECONDS = int(os.environ.get("BENCH_SECONDS", "8"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
ROOT = Path(__file__).parent.parent

APPS = {"baseline": "benchmarks.baseline:app", "notify": "notify_entrypoints.http:create_app()"}


def _uuid() -> str:
    return str(uuid4())


@dataclass
class Bench:
    """A service with a key and a template, in a database and a folder of their own."""

    folder: Path
    database_url: str
    service: str = field(default_factory=_uuid)
    secret: str = field(default_factory=_uuid)
    template: str = field(default_factory=_uuid)

    @property
    def sql_url(self) -> str:
        return dsn(self.database_url)

    @property
    def database(self) -> str:
        return str(make_url(self.database_url).database)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **clean_environment(),
            "PYTHONPATH": str(ROOT),
            "NOTIFY_DATABASE_URL": self.database_url,
            "NOTIFY_DATA_DIR": str(self.folder / "data"),
            "NOTIFY_LOG_FORMAT": "json",
            "BASELINE_DATABASE": self.sql_url,
            "BASELINE_SECRET": self.secret,
        }

    @property
    def token(self) -> str:
        """Good for the half minute that one measurement lasts."""
        return jwt.encode({"iss": self.service, "iat": int(time.time()) + SECONDS // 2}, self.secret)

    @property
    def body(self) -> dict[str, Any]:
        return {"phone_number": "07700900123", "template_id": self.template, "personalisation": {"name": "Zoe"}}

    def document(self) -> dict[str, Any]:
        template = {"id": self.template, "name": "T", "type": "sms", "content": "Hello ((name)), it is ready."}
        return {
            "services": [
                {
                    "id": self.service,
                    "name": "Benchmark",
                    "restricted": False,
                    "rate_limit": 10_000_000,
                    "permissions": ["sms"],
                    "api_keys": [{"name": "bench", "secret": self.secret}],
                    "templates": [template],
                }
            ]
        }


@contextmanager
def bench(server: str = POSTGRESQL) -> Iterator[Bench]:
    """Migrated and provisioned; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as name, fresh_database(server) as database_url:
        made = Bench(Path(name), database_url)
        _prepare(made)
        yield made


def _prepare(made: Bench) -> None:
    file = made.folder / "provision.json"
    file.write_text(json.dumps(made.document()), encoding="utf-8")
    run("notify", "migrate", environment=made.environment)
    run("notify", "provision", str(file), environment=made.environment)
    with psycopg.connect(made.sql_url, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(table.encode())


@contextmanager
def served(made: Bench, app: str) -> Iterator[int]:
    """The port that gunicorn serves ``app`` at."""
    port, processes = free_port(), Processes(made.folder)
    processes.start("gunicorn", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", app, environment=made.environment)
    try:
        processes.wait_for("gunicorn", lambda: answers(f"http://127.0.0.1:{port}/_status"))
        yield port
    finally:
        processes.stop()


def compare(
    made: Bench, what: str, requests: Mapping[str, str], *, least_share: float, most_cost: float | None = None
) -> None:
    """Load both apps in turn with wrk's script for each (without its token); what is to hold: the share of the
    baseline, and the processor time of a request in ms."""
    wrk = need("wrk", "to make the load")
    rates: dict[str, list[float]] = {name: [] for name in APPS}
    costs: dict[str, list[float]] = {name: [] for name in APPS}
    for _ in range(ROUNDS):
        for name, app in APPS.items():
            rate, cost = _measure(made, wrk, app, requests[name])
            rates[name].append(rate)
            costs[name].append(cost)
    share = statistics.median(a / b for a, b in zip(rates["notify"], rates["baseline"], strict=True))
    print(f"{what}, {ROUNDS} × {SECONDS} s, alternating; {describe()}")
    for name in APPS:
        print(f"  {name:9} {spread(rates[name])} requests/s")
    rate, bare_rate = (statistics.median(rates[name]) for name in ("notify", "baseline"))
    cost, bare_cost = (statistics.median(costs[name]) for name in ("notify", "baseline"))
    tell(
        Figure(what, rate, "requests/s", bare_rate, share, least_share=least_share),
        Figure(f"{what}, processor time", cost, "ms", bare_cost, most=most_cost),
    )


def _measure(made: Bench, wrk: str, app: str, request: str) -> tuple[float, float]:
    """Requests per second, and processor time per request in ms: that of gunicorn and of PostgreSQL's processes that
    serve this database, commits included."""
    with served(made, app) as port:
        script = made.folder / "request.lua"
        script.write_text(f'{request}\nwrk.headers["Authorization"] = "Bearer {made.token}"\n', encoding="utf-8")
        url, names = f"http://127.0.0.1:{port}", (f"-b 127.0.0.1:{port}", made.database)
        _wrk(wrk, script, url, seconds=2)
        before = processor_seconds(names)
        count, seconds = _wrk(wrk, script, url, seconds=SECONDS)
        spent = processor_seconds(names) - before
    return count / seconds, spent / count * 1000


def _wrk(wrk: str, script: Path, url: str, *, seconds: int) -> tuple[int, float]:
    ran = subprocess.run(
        [wrk, "-t2", "-c8", f"-d{seconds}s", "-s", str(script), url], capture_output=True, text=True, check=True
    )
    if "Non-2xx" in ran.stdout:
        raise SystemExit(f"not every request was taken:\n{ran.stdout}")
    line = next(line for line in ran.stdout.splitlines() if "requests in" in line)
    count, _, took = line.strip().partition(" requests in ")
    return int(count), _seconds(took.split(",")[0])


def _seconds(text: str) -> float:
    return float(text[:-1]) * 60 if text.endswith("m") else float(text.removesuffix("s"))

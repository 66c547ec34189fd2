"""``POST /v2/notifications/sms`` against the bare baseline: gunicorn with two sync workers, PostgreSQL with
durable commits, eight connections of wrk, INFO logs, rate limit and ledger row included."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any
from uuid import uuid4

import jwt
import psycopg

from benchmarks.baseline import TABLES
from benchmarks.machine import describe, need, processor_seconds, spread
from demo.processes import Processes, answers, clean_environment, free_port, run

SECONDS = int(os.environ.get("BENCH_SECONDS", "8"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
ROOT = Path(__file__).parent.parent

LUA = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {token}"
wrk.body = '{{"phone_number": "07700900123", "template_id": "{template}", "personalisation": {{"name": "Zoe"}}}}'
"""


@dataclass
class Bench:
    folder: Path
    database: str
    service: str
    secret: str
    template: str

    @property
    def sql_url(self) -> str:
        return f"postgresql://root@127.0.0.1:5432/{self.database}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **clean_environment(),
            "PYTHONPATH": str(ROOT),
            "NOTIFY_DATABASE_URL": self.sql_url.replace("postgresql://", "postgresql+psycopg://"),
            "NOTIFY_DATA_DIR": str(self.folder / "data"),
            "NOTIFY_LOG_FORMAT": "json",
            "BASELINE_DATABASE": self.sql_url,
            "BASELINE_SECRET": self.secret,
        }

    def document(self) -> dict[str, Any]:
        return {
            "services": [
                {
                    "id": self.service,
                    "name": "Benchmark",
                    "restricted": False,
                    "rate_limit": 10_000_000,
                    "permissions": ["sms"],
                    "api_keys": [{"name": "bench", "secret": self.secret}],
                    "templates": [
                        {"id": self.template, "name": "T", "type": "sms", "content": "Hello ((name)), it is ready."}
                    ],
                }
            ]
        }


def main() -> int:
    wrk = need("wrk", "to make the load")
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as name:
        bench = Bench(Path(name), f"notify_bench_{token_hex(4)}", str(uuid4()), str(uuid4()), str(uuid4()))
        admin = os.environ.get("NOTIFY_TEST_POSTGRESQL_URL", "postgresql://root@127.0.0.1:5432/test")
        admin = admin.replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{bench.database}"'.encode())
        try:
            _prepare(bench)
            _compare(bench, wrk)
        finally:
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{bench.database}" WITH (FORCE)'.encode())
    return 0


def _prepare(bench: Bench) -> None:
    file = bench.folder / "provision.json"
    file.write_text(json.dumps(bench.document()), encoding="utf-8")
    run("notify", "migrate", environment=bench.environment)
    run("notify", "provision", str(file), environment=bench.environment)
    with psycopg.connect(bench.sql_url, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(table.encode())


def _compare(bench: Bench, wrk: str) -> None:
    apps = {"baseline": "benchmarks.baseline:app", "notify": "notify_entrypoints.http:create_app()"}
    rates: dict[str, list[float]] = {name: [] for name in apps}
    costs: dict[str, list[float]] = {name: [] for name in apps}
    for _ in range(ROUNDS):
        for name, app in apps.items():
            rate, cost = _measure(bench, wrk, app)
            rates[name].append(rate)
            costs[name].append(cost)
    share = statistics.median(a / b for a, b in zip(rates["notify"], rates["baseline"], strict=True))
    print(f"POST /v2/notifications/sms, {ROUNDS} × {SECONDS} s, alternating; {describe()}")
    for name in apps:
        cost = statistics.median(costs[name])
        print(f"  {name:9} {spread(rates[name])} requests/s, {cost:.2f} ms of processor time each")
    print(f"  notify / baseline: {share:.0%}  (to hold: 85 %, 1.6 ms)")


def _measure(bench: Bench, wrk: str, app: str) -> tuple[float, float]:
    """Requests per second, and processor time of gunicorn and PostgreSQL per request in ms."""
    port, processes = free_port(), Processes(bench.folder)
    processes.start("gunicorn", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", app, environment=bench.environment)
    try:
        processes.wait_for("gunicorn", lambda: answers(f"http://127.0.0.1:{port}/_status"))
        script = bench.folder / "post.lua"
        token = jwt.encode({"iss": bench.service, "iat": int(time.time()) + SECONDS // 2}, bench.secret)
        script.write_text(LUA.format(token=token, template=bench.template), encoding="utf-8")
        url = f"http://127.0.0.1:{port}/v2/notifications/sms"
        _wrk(wrk, script, url, seconds=2)
        before = processor_seconds(("gunicorn", "postgres"))
        count, seconds = _wrk(wrk, script, url, seconds=SECONDS)
        spent = processor_seconds(("gunicorn", "postgres")) - before
    finally:
        processes.stop()
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


if __name__ == "__main__":
    sys.exit(main())

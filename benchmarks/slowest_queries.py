"""The ten slowest queries, by their mean and by their total, with their plans: while texts are accepted, read, listed,
delivered and reported, jobs are taken and every periodic task runs, on a database with many notifications.

On a PostgreSQL server of its own, which counts (``pg_stat_statements``) and writes the plan of every execution
(``auto_explain``), each at some cost. The plan shown is that of the slowest execution.
"""

import logging
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from benchmarks.figures import Section, number, table, tell_more
from benchmarks.growth import Costs, prepared
from benchmarks.machine import describe
from benchmarks.own_postgresql import own_postgresql
from benchmarks.stored import grow
from notify_core.jobs.use_cases import JobRequest
from notify_core.kernel.ids import ServiceId, TemplateId
from notify_core.notifications.tasks import ProcessSmsReceipt
from notify_core.registry.schedule import SCHEDULE

ROWS = int(os.environ.get("BENCH_ROWS", "300000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "10"))
TEXTS, JOB = 50, 200
SLOWEST = 10
SETTINGS = {
    "shared_preload_libraries": "pg_stat_statements,auto_explain",
    "compute_query_id": "on",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    # The query that a line is about.
    "log_line_prefix": "query=%Q:",
    "log_parameter_max_length": "0",
}
_QUERIES = """
    SELECT queryid::text AS id, calls, mean_exec_time AS mean, total_exec_time AS total, rows, query
    FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
    WHERE datname = current_database() AND query ~* '^ *(SELECT|INSERT|UPDATE|DELETE|WITH)'
        AND query !~ 'pg_stat_statements'
"""
_PLAN = re.compile(r"query=(-?\d+):LOG:  duration: ([\d.]+) ms  plan:\n((?:\t.*\n)+)")
_TEXT = re.compile(r"\A\tQuery Text: .*\n(?:\t(?!\S.*\(cost=).*\n)*")


@dataclass(frozen=True)
class Query:
    """Times in milliseconds."""

    id: str
    calls: int
    mean: float
    total: float
    rows: int
    query: str

    @property
    def cells(self) -> tuple[str, ...]:
        words = " ".join(self.query.split()).replace("|", "\\|")
        shown = words if len(words) <= 160 else f"{words[:100]} … {words[-55:]}"
        return (f"`{shown}`", f"{self.calls:,}", number(self.mean), number(self.total), f"{self.rows:,}")


def main() -> int:
    logging.disable(logging.CRITICAL)
    print(f"the slowest queries with {ROWS:,} notifications stored; {describe()}", flush=True)
    with own_postgresql(SETTINGS) as server, prepared(server.url) as costs:
        costs.post()
        costs.work_off()
        grow(costs.container, 1, ROWS, ROWS)
        with psycopg.connect(costs.made.sql_url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pg_stat_statements")
            connection.execute("SELECT pg_stat_statements_reset()")
            begins = server.log.stat().st_size
            for _ in range(ROUNDS):
                _work(costs, connection)
            queries = [Query(*row) for row in connection.execute(_QUERIES.encode()).fetchall()]
        _tell(queries, _plans(server.log, begins))
    return 0


def _work(costs: Costs, connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """A bit of everything."""
    for _ in range(TEXTS):
        costs.read(costs.post()["id"])
    costs.page()
    service, template = ServiceId(UUID(costs.made.service)), TemplateId(UUID(costs.made.template))
    lines = "\n".join(("phone number,name", *(f"0770090{number:04d},Zoë" for number in range(JOB))))
    costs.container.submit_job()(JobRequest(service, template, "people.csv", lines.encode()))
    costs.work_off()
    sent = connection.execute("SELECT supplier_reference FROM notifications WHERE status = 'sending'").fetchall()
    with costs.container.work()() as work:
        for (reference,) in sent:
            work.enqueue(ProcessSmsReceipt("mmg", str(reference), "delivered"))
        work.commit()
    costs.work_off()
    for entry in SCHEDULE:
        costs.container.run_now()(entry.task)
    costs.work_off()


def _plans(log: Path, begins: int) -> Mapping[str, str]:
    """Of each query's slowest execution, by the query's id."""
    with log.open(encoding="utf-8", errors="replace") as written:
        written.seek(begins)
        said = written.read()
    slowest: dict[str, tuple[float, str]] = {}
    for query, duration, plan in _PLAN.findall(said):
        if float(duration) > slowest.get(query, (-1.0, ""))[0]:
            slowest[query] = float(duration), plan
    return {
        query: f"{took:g} ms\n" + _TEXT.sub("", plan).replace("\t", "").rstrip()
        for query, (took, plan) in slowest.items()
    }


def _tell(queries: Sequence[Query], plans: Mapping[str, str]) -> None:
    by_mean = sorted(queries, key=lambda query: -query.mean)[:SLOWEST]
    by_total = sorted(queries, key=lambda query: -query.total)[:SLOWEST]
    head = ("query", "calls", "mean, ms", "total, ms", "rows")
    for how, chosen in (("mean", by_mean), ("total", by_total)):
        title = f"The {SLOWEST} slowest queries by {how}, {ROWS:,} notifications stored"
        tell_more(Section(title, table(head, [query.cells for query in chosen])))
    shown = {query.id: query for query in (*by_mean, *by_total)}
    text = [f"`{query.query}`\n\n```text\n{plans.get(query.id, 'no plan')}\n```" for query in shown.values()]
    tell_more(Section("Their plans", "\n\n".join(text)))


if __name__ == "__main__":
    sys.exit(main())

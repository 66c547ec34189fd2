"""``GET /v2/notifications`` as the service's messages grow from a thousand to a million: the first page, one from the
middle, and one by reference."""

import os
import statistics
import sys
import time

import psycopg
import requests

from benchmarks.figures import Figure, tell
from benchmarks.http_load import APPS, Bench, bench, served
from benchmarks.machine import describe

SIZES = tuple(int(size) for size in os.environ.get("BENCH_ROWS", "1000,10000,100000,1000000").split(","))
TRIES = 15
# A page may take so much longer at most: what a busy moment makes of a flat line.
FLAT = 1.5

# Copies of a message that was really sent, a second apart, every hundred with a reference.
_GROW = """
    INSERT INTO notifications ({columns})
    SELECT {values} FROM (SELECT * FROM notifications ORDER BY created_at DESC LIMIT 1) AS one,
        generate_series(%s::int, %s::int) AS n
"""
_MADE = {
    "id": "gen_random_uuid()",
    "created_at": "created_at - n * interval '1 second'",
    "reference": "'reference ' || n / 100",
}


def main() -> int:
    with bench() as made, served(made, APPS["notify"]) as port:
        url = f"http://127.0.0.1:{port}/v2/notifications"
        _get(made, f"{url}/sms", body=made.body)
        print(f"GET /v2/notifications, 250 a page, median of {TRIES} in ms; {describe()}")
        print(f"  {'messages':>9} {'first page':>11} {'middle':>9} {'reference':>10}")
        before, took = 1, []
        for size in SIZES:
            _grow(made, before, size - 1)
            before = size
            middle = _middle(made, size)
            pages: tuple[dict[str, str], ...] = ({}, {"older_than": middle}, {"reference": "reference 3"})
            took.append([_milliseconds(made, url, page) for page in pages])
            print("  {:>9,} {:>11.1f} {:>9.1f} {:>10.1f}".format(size, *took[-1]), flush=True)
        for page, few, many in zip(
            ("the first page", "one from the middle", "one by reference"), took[0], took[-1], strict=True
        ):
            name = f"GET /v2/notifications, {page}, of {SIZES[-1]:,} messages, against {SIZES[0]:,}"
            tell(Figure(name, many, "ms", few, most_share=FLAT))
    return 0


def _grow(made: Bench, first: int, last: int) -> None:
    with psycopg.connect(made.sql_url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'notifications'"
        ).fetchall()
        columns = [name for (name,) in found]
        statement = _GROW.format(columns=", ".join(columns), values=", ".join(_MADE.get(one, one) for one in columns))
        connection.execute(statement.encode(), (first, last))
        connection.execute("ANALYZE notifications")


def _middle(made: Bench, size: int) -> str:
    with psycopg.connect(made.sql_url) as connection:
        row = connection.execute(
            "SELECT id FROM notifications ORDER BY created_at DESC OFFSET %s LIMIT 1", (size // 2,)
        ).fetchone()
    assert row is not None
    return str(row[0])


def _milliseconds(made: Bench, url: str, query: dict[str, str]) -> float:
    took = []
    for _ in range(TRIES):
        begun = time.perf_counter()
        _get(made, url, query)
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def _get(made: Bench, url: str, query: dict[str, str] | None = None, body: object = None) -> None:
    headers = {"Authorization": f"Bearer {made.token}"}
    answer = requests.request(
        "GET" if body is None else "POST", url, params=query, json=body, headers=headers, timeout=60
    )
    answer.raise_for_status()


if __name__ == "__main__":
    sys.exit(main())

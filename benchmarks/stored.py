"""A database that has been in use: texts of five days, half of them in jobs of today, copied from one really sent."""

import psycopg

from benchmarks.databases import dsn
from notify_entrypoints.containers import Container

JOB = 500
# A block of so many is a job, the next one is not, and so on.
_JOB_OF = f"CASE WHEN mod((n - 1) / {JOB}, 2) = 0 THEN md5('job ' || (n - 1) / {JOB})::uuid END"
_GROW = """
    INSERT INTO notifications ({columns})
    SELECT {values} FROM (SELECT * FROM notifications WHERE status <> 'created' LIMIT 1) AS one,
        generate_series(%(first)s::int, %(last)s::int) AS n
"""
_MADE = {
    "id": "gen_random_uuid()",
    "created_at": "now() - n * interval '5 days' / %(size)s",
    "sent_at": "now() - n * interval '5 days' / %(size)s + interval '1 second'",
    "completed_at": "now() - n * interval '5 days' / %(size)s + interval '2 seconds'",
    "status": "'delivered'",
    "supplier_reference": "'copy ' || n",
    "reference": "'reference ' || n / 100",
    "job_id": _JOB_OF,
    "job_row": f"CASE WHEN mod((n - 1) / {JOB}, 2) = 0 THEN mod(n - 1, {JOB}) END",
}
_JOBS = f"""
    INSERT INTO jobs (id, service_id, template_id, template_version, channel, original_file_name_cipher, status,
        notification_count, next_row, created_at, progressed_at, processing_started, processing_finished)
    SELECT md5('job ' || block)::uuid, one.service_id, one.template_id, one.template_version, 'sms', %(name)s,
        'finished', {JOB}, {JOB}, at, at, at, at
    FROM (SELECT * FROM notifications LIMIT 1) AS one,
        (SELECT block, now() - interval '30 minutes' - mod(block, 1000) * interval '1 minute' AS at
         FROM generate_series((%(first)s::int - 1) / {JOB}, (%(last)s::int - 1) / {JOB}) AS block
         WHERE mod(block, 2) = 0) AS jobs_of_today
"""  # noqa: S608 - of a number


def grow(container: Container, first: int, last: int, size: int) -> None:
    """Add those from the first to the last number, both included, of ``size`` in all; one must have been sent."""
    url = dsn(container.engine().url.render_as_string(hide_password=False))
    name = container.secrets().encrypt("people.csv", purpose="filename")
    numbers = {"first": first, "last": last, "size": size}
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'notifications'"
        ).fetchall()
        columns = [name for (name,) in found]
        values = ", ".join(_MADE.get(column, f"one.{column}") for column in columns)
        connection.execute(_GROW.format(columns=", ".join(columns), values=values).encode(), numbers)
        connection.execute(_JOBS.encode(), {**numbers, "name": name})
        # As autovacuum would after so much has changed.
        connection.execute("VACUUM ANALYZE notifications, jobs")

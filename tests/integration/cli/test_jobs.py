"""Jobs on the command line, in processes of their own."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from benchmarks.drained_job import at_rest, look, violations
from notify_core.kernel.ids import JobId
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import load_settings

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)

SERVICE, TEMPLATE = "d1b6a0a9-4a0e-4b0c-9c3b-0a4c7a3a9a01", "d1b6a0a9-4a0e-4b0c-9c3b-0a4c7a3a9a02"
SERVICES = {
    "services": [
        {
            "id": SERVICE,
            "name": "Clinic",
            "restricted": False,
            "permissions": ["sms"],
            "templates": [{"id": TEMPLATE, "name": "t", "type": "sms", "content": "Hello ((name))"}],
        }
    ]
}
OF = ("--service", SERVICE, "--template", TEMPLATE)


@pytest.fixture
def clinic(migrated):
    migrated.provision(SERVICES)
    (migrated.folder / "people.csv").write_bytes("Phone Number;Name\r\n07700900123;Siân\r\nx;Bo\r\n".encode("cp1252"))
    return migrated


def test_a_file_is_sent_and_watched_to_its_end(clinic):
    with clinic.serving():
        shown = clinic.document("jobs", "submit", "people.csv", *OF, "--watch")
        assert shown["job_status"] == "finished"
        assert shown["errors"] == [
            {"row": 2, "column": "phone number", "message": "Must not contain letters or symbols"}
        ]
        ran = clinic.notify("jobs", "submit", "people.csv", *OF, "--watch")
    assert ran.returncode == 0
    assert "rows" in ran.stderr, "the bar"
    assert "people.csv: finished, 2 rows (sms)" in ran.stdout
    assert "Must not contain letters or symbols" in ran.stdout
    results = clinic.done("jobs", "results", shown["id"])
    assert [line[3].split(":")[0] for line in csv.reader(io.StringIO(results))][2] == "not sent"
    assert "phone number" in clinic.done("jobs", "results", shown["id"], "--errors")


def test_a_scheduled_job_is_listed_shown_and_cancelled(clinic):
    later = "2126-01-05T12:00:00Z"
    assert "can only be 7 days in the future" in clinic.refused(
        "jobs", "submit", "people.csv", *OF, "--scheduled-for", later
    )
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    job = clinic.document("jobs", "submit", "people.csv", *OF, "--scheduled-for", soon)
    assert [one["id"] for one in clinic.document("jobs", "list", SERVICE)] == [job["id"]]
    assert "scheduled" in clinic.done("jobs", "show", job["id"])
    assert "is cancelled" in clinic.done("jobs", "cancel", job["id"])
    assert clinic.document("jobs", "show", job["id"])["job_status"] == "cancelled"
    assert clinic.refused("jobs", "cancel", job["id"]) == "Job cannot be cancelled: it is cancelled"


def test_a_file_that_cannot_be_read_is_refused(clinic):
    assert "nothing.csv cannot be read" in clinic.refused("jobs", "submit", "nothing.csv", *OF)


def test_a_job_drains_through_a_platform_that_is_killed(clinic, fake_sms, eventually):
    rows, kills = 300, 3
    lines = (f"0770090{1000 + number}\tPerson {number}" for number in range(rows))
    (clinic.folder / "many.csv").write_text("phone number\tname\n" + "\n".join(lines), encoding="utf-16")
    job_id = JobId(UUID(clinic.document("jobs", "submit", "many.csv", *OF)["id"]))
    for _ in range(kills):
        wanted = fake_sms.count() + random.randint(1, rows // kills)  # noqa: S311 - nobody guesses at it
        with clinic.serving():
            eventually(lambda: fake_sms.count() >= min(wanted, rows))  # noqa: B023 - called before the next round
    container = Container(settings=load_settings(clinic.environ))
    with clinic.serving():
        eventually(lambda: at_rest(container, job_id, rows))
    assert violations(look(container, fake_sms, job_id), rows, kills) == []
    container.engine().dispose()

"""Jobs by the internal endpoints, as an admin application uses them."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

FILE = "Phone Number;Name\r\n07700900123;Siân\r\n07700 900 124;\r\n\r\nnobody;Bo\r\n"


@pytest.fixture
def service(notify):
    return notify.service()


@pytest.fixture
def template(notify, service):
    return notify.template(service)


@pytest.fixture
def submit(notify, service, template):
    def post(content=FILE, **changes):
        body = {
            "template_id": str(template.id),
            "created_by": str(uuid4()),
            "original_file_name": "people.csv",
            "csv": content,
        }
        return notify.admin("POST", f"/service/{service.id}/job", body | changes)

    return post


def lines(answer):
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_job_from_its_upload_to_its_results(notify, service, template, submit):
    answer = submit()
    assert answer.status_code == 201
    job = answer.json
    assert job | {"created_at": None} == {
        "id": job["id"],
        "job_status": "pending",
        "notification_count": 3,
        "original_file_name": "people.csv",
        "template": str(template.id),
        "template_version": 1,
        "created_at": None,
        "scheduled_for": None,
        "processing_started": None,
        "processing_finished": None,
    }
    notify.drain()
    root = f"/service/{service.id}/job"
    found = notify.admin("GET", f"{root}/{job['id']}").json
    assert found["job_status"] == "finished"
    assert found["processing_started"] <= found["processing_finished"]
    assert found["statistics"] == [{"status": "sending", "count": 1}]
    assert found["errors"] == [
        {"row": 2, "column": "name", "message": "Missing"},
        {"row": 4, "column": "phone number", "message": "Must not contain letters or symbols"},
    ]
    assert [one.content["content"] for one in notify.sms_network.messages()] == ["Flood warnings: Hello Siân"]
    results = lines(notify.admin("GET", f"{root}/{job['id']}/results.csv"))
    assert [line[0] for line in results] == ["Row number", "1", "2", "4"]
    assert results[1][1:4] == ["07700900123", "sms", "sending"]
    errors = lines(notify.admin("GET", f"{root}/{job['id']}/errors.csv"))
    assert errors[1:] == [["2", "name", "Missing"], ["4", "phone number", "Must not contain letters or symbols"]]


def test_jobs_are_listed_page_by_page(notify, service, submit):
    first, second = submit().json, submit().json
    root = f"/service/{service.id}/job"
    listed = notify.admin("GET", root).json
    assert [job["id"] for job in listed["jobs"]] == [second["id"], first["id"]]
    assert listed["links"]["next"].endswith(f"{root}?older_than={first['id']}")
    assert notify.admin("GET", f"{root}?older_than={second['id']}").json["jobs"] == [first]
    last = notify.admin("GET", f"{root}?older_than={first['id']}").json
    assert last["jobs"] == []
    assert "next" not in last["links"]


def test_a_scheduled_job_waits_and_can_be_cancelled_once(notify, service, submit):
    at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    job = submit(scheduled_for=at).json
    assert job["job_status"] == "scheduled"
    assert datetime.fromisoformat(job["scheduled_for"]) == datetime.fromisoformat(at)
    assert notify.drain() == 0
    path = f"/service/{service.id}/job/{job['id']}/cancel"
    assert notify.admin("POST", path).json["job_status"] == "cancelled"
    again = notify.admin("POST", path)
    assert again.status_code == 400
    assert "Job cannot be cancelled: it is cancelled" in again.text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"csv": "name\nAnn"}, "The file has no column phone number"),
        ({"csv": ""}, "The file has no rows"),
        ({"template_id": str(uuid4())}, "Template not found"),
        ({"scheduled_for": "2020-01-01T00:00:00Z"}, "scheduled_for datetime can not be in the past"),
        ({"sender_id": str(uuid4())}, "does not exist in database"),
        ({"original_file_name": 7}, "original_file_name 7 is not of type string"),
    ],
)
def test_what_is_refused(submit, changes, message):
    answer = submit(**changes)
    assert answer.status_code == 400
    assert message in answer.text


def test_a_file_may_have_characters_that_nobody_can_keep(notify, service, submit):
    job = submit("phone number,name\n07700900123,a\x00b\ud800c\n").json
    notify.drain()
    assert notify.admin("GET", f"/service/{service.id}/job/{job['id']}").json["errors"] == []
    assert [one.content["content"] for one in notify.sms_network.messages()] == ["Flood warnings: Hello ab?c"]


def test_a_job_is_its_services_own(notify, submit):
    job, other = submit().json, notify.service()
    for method, path in (("GET", ""), ("GET", "/results.csv"), ("GET", "/errors.csv"), ("POST", "/cancel")):
        assert notify.admin(method, f"/service/{other.id}/job/{job['id']}{path}").status_code == 404
    assert notify.admin("GET", f"/service/{uuid4()}/job").status_code == 404

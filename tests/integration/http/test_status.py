import logging
from importlib.metadata import version

from notify_entrypoints.settings.variables import PORTS


def test_alive(notify):
    answer = notify.request("GET", "/_status")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "version": version("notify-platform")})


def test_ready(notify):
    answer = notify.request("GET", "/_status?ready")

    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    assert [part["part"] for part in answer.json["parts"]] == ["database", *(port.name for port in PORTS)]
    assert {part["ready"] for part in answer.json["parts"]} == {True}
    assert all(part["milliseconds"] >= 0 for part in answer.json["parts"])


def test_not_ready(make_notify, caplog, monkeypatch):
    nobody = {"NOTIFY_RECIPIENT_FILES": "s3", "NOTIFY_RECIPIENT_FILES_BUCKET": "files"}
    keys = {"NOTIFY_RECIPIENT_FILES_ACCESS_KEY_ID": "a", "NOTIFY_RECIPIENT_FILES_SECRET_ACCESS_KEY": "hunter2"}
    broker = {"NOTIFY_TASK_QUEUE": "celery", "NOTIFY_TASK_QUEUE_BROKER_URL": "redis://:hunter2@127.0.0.1:1/0"}
    # Nobody listens at either address.
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    notify = make_notify("broken", **nobody, **keys, **broker)
    answer = notify.request("GET", "/_status?ready")

    assert (answer.status_code, answer.json["status"]) == (503, "not ready")
    failed = {part["part"] for part in answer.json["parts"] if not part["ready"]}
    assert failed == {"task_queue", "recipient_files"}
    assert "hunter2" not in answer.text
    assert "hunter2" not in caplog.text
    assert {record.levelno for record in caplog.records if "not ready" in record.getMessage()} == {logging.WARNING}
    # It is alive all the same.
    assert notify.request("GET", "/_status").status_code == 200


def test_a_database_that_lacks_something(notify):
    with notify.container.engine().begin() as connection:
        connection.exec_driver_sql("alter table services rename to elsewhere")
    answer = notify.request("GET", "/_status?ready")

    assert answer.status_code == 503
    assert [part["part"] for part in answer.json["parts"] if not part["ready"]] == ["database"]

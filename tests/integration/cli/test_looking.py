import json
import stat
from uuid import UUID

import pytest

from notify_entrypoints.settings.variables import PORTS


class TestMigrate:
    def test_what_it_stores_is_nobody_elses_business(self, machine):
        machine.done("migrate")
        assert stat.S_IMODE(machine.data_dir.stat().st_mode) == 0o700

    def test_once_and_again(self, machine):
        assert machine.done("migrate").startswith("The database has the newest schema (")
        assert machine.done("migrate").startswith("The database has the newest schema (")


class TestCheck:
    def test_says_of_each_part_whether_it_starts(self, migrated):
        rows = migrated.document("check")

        parts = [row["part"] for row in rows]
        assert parts == ["database", *(port.name for port in PORTS), "background work", "admin application"]
        assert {row["answer"] for row in rows} == {"ok"}
        assert all(row["milliseconds"] >= 0 for row in rows)
        assert "ok" in migrated.done("check")

    def test_what_does_not_start_is_named_and_the_rest_is_tried(self, migrated):
        ran = migrated.notify("check", "--json", NOTIFY_TICKETS="zendesk")

        assert (ran.returncode, ran.stderr) == (1, "")
        answers = {row["part"]: row["answer"] for row in json.loads(ran.stdout)}
        assert answers.pop("tickets") == "NOTIFY_TICKETS=zendesk: NOTIFY_TICKETS_URL is required"
        assert set(answers.values()) == {"ok"}

    def test_a_store_that_starts_but_does_not_answer_is_named(self, migrated):
        bucket = {"NOTIFY_RECIPIENT_FILES": "s3", "NOTIFY_RECIPIENT_FILES_BUCKET": "files"}
        nobody = {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1", "NOTIFY_RECIPIENT_FILES_ACCESS_KEY_ID": "a"}
        ran = migrated.notify("check", "--json", **bucket, **nobody, NOTIFY_RECIPIENT_FILES_SECRET_ACCESS_KEY="b")

        assert ran.returncode == 1
        answers = {row["part"]: row["answer"] for row in json.loads(ran.stdout)}
        assert answers.pop("recipient_files").startswith("bucket files: EndpointConnectionError: ")
        assert set(answers.values()) == {"ok"}

    def test_what_is_right_for_one_machine_only_is_a_warning(self, migrated):
        several = {"NOTIFY_TASK_QUEUE": "celery", "NOTIFY_TASK_QUEUE_BROKER_URL": "redis://127.0.0.1:1/0"}

        assert {row["warning"] for row in migrated.document("check")} == {None}
        rows = json.loads(migrated.notify("check", "--json", **several).stdout)
        warned = {row["part"]: row["warning"] for row in rows if row["warning"]}
        assert set(warned) == {"database", "letter_store", "recipient_files", "documents"}
        ran = migrated.notify("check", **several)
        # There is no such broker, which is another matter.
        assert ran.returncode == 1
        assert "the broker does not answer" in ran.stdout
        assert ran.stderr.splitlines() == [f"warning: {part}: {warning}" for part, warning in warned.items()]
        assert "warning" not in ran.stdout

    def test_a_service_whose_alerts_could_go_nowhere_is_a_warning(self, migrated):
        services = [
            {"id": str(UUID(int=number)), "name": network, "permissions": ["broadcast"]}
            | {"broadcast": {"channel": "severe", "mode": "live", "provider": network}}
            for number, network in enumerate(["ee", "giffgaff", "o2"], 1)
        ]
        migrated.provision({"services": services})

        only = {"NOTIFY_CBC_ENABLED": "ee,three"}
        warned = {row["part"]: row["warning"] for row in migrated.document("check", **only) if row["warning"]}
        assert warned == {
            "cbc": f"service {UUID(int=2)} is restricted to giffgaff, which is no network: its alerts cannot be "
            f"approved; service {UUID(int=3)} is restricted to o2, which is not among NOTIFY_CBC_ENABLED: its alerts "
            "cannot be approved"
        }
        ran = migrated.notify("check", **only)
        assert (ran.returncode, ran.stderr) == (0, f"warning: cbc: {warned['cbc']}\n")


class TestAdapters:
    def test_what_is_chosen_and_what_is_installed(self, machine):
        rows = {row["port"]: row for row in machine.document("adapters", NOTIFY_SMS="firetext,mmg")}

        assert rows["sms"]["chosen"] == ["firetext", "mmg"]
        assert rows["cbc"]["installed"] == ["disabled", "fake", "lambda"]
        assert rows["cbc"]["variable"] == "NOTIFY_CBC"

    def test_for_people(self, machine):
        lines = machine.done("adapters").splitlines()

        assert lines[0].split()[:3] == ["port", "variable", "chosen"]
        assert len(lines) == 1 + len(PORTS), "a row is one line, however narrow the terminal of whoever reads it later"
        assert all(line == line.rstrip() for line in lines)


class TestTasks:
    ID = "6f1c3a4e-0000-4000-8000-000000000000"

    def test_registry(self, machine):
        tasks = {row["task"]: row for row in machine.document("tasks", "registry")}

        assert tasks["deliver_sms"]["queue"] == "send-sms-tasks"
        assert tasks["deliver_sms"]["retry_queue"] == "retry-tasks"
        assert tasks["deliver_sms"]["retries"].startswith("48 times after 0, 300")
        assert tasks["timeout-sending-notifications"]["schedule"] == "00:05"
        assert "deliver_sms" in machine.done("tasks", "registry")
        assert not machine.data_dir.exists()

    def test_nothing_to_do(self, migrated):
        assert migrated.document("tasks", "list") == []
        assert migrated.done("tasks", "list") == "Nothing is waiting and nothing has failed.\n"
        assert migrated.done("tasks", "list", "--state", "failed") == "There are no such rows.\n"

    def test_one_that_is_done(self, migrated):
        said = migrated.done("tasks", "run", "timeout-sending-notifications")
        entry_id, outcome = said.split()
        assert UUID(entry_id.rstrip(":"))
        assert outcome == "done"
        assert migrated.ledger() == []

    def test_one_that_fails_is_kept_shown_replayed_and_purged(self, migrated):
        line = migrated.refused("tasks", "run", "deliver_sms", f"notification_id={self.ID}")

        (row,) = migrated.ledger()
        assert line == (f"deliver_sms failed: NotFound: no notification {self.ID} (notify tasks show {row['id']})")
        assert (row["task"], row["state"], row["queue"]) == ("deliver_sms", "failed", "send-sms-tasks")
        assert row["id"] in migrated.done("tasks", "list", "--queue", "send-sms-tasks", "--state", "failed")

        shown = migrated.document("tasks", "show", row["id"])
        assert shown["arguments"] == {"notification_id": self.ID}
        assert self.ID in migrated.done("tasks", "show", row["id"])

        assert migrated.done("tasks", "replay", row["id"]) == f"{row['id']} is due.\n"
        assert [row["state"] for row in migrated.ledger()] == ["due"]
        assert "no failed task ledger row" in migrated.refused("tasks", "purge", row["id"])

        migrated.refused("tasks", "run", "deliver_sms", f"notification_id={UUID(int=1)}")
        (failed,) = migrated.document("tasks", "list", "--state", "failed")
        assert migrated.done("tasks", "purge", failed["id"]) == f"{failed['id']} is gone.\n"
        assert len(migrated.ledger()) == 1

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["show", ID], f"no task ledger row {ID}"),
            (["replay", ID], f"no failed task ledger row {ID}"),
            (["purge", ID], f"no failed task ledger row {ID}"),
            (["run", "fly"], "there is no task fly; known are: apply-waiting-letter-responses, "),
            (["run", "deliver_sms"], "task deliver_sms needs the argument notification_id"),
            (["run", "deliver_sms", "seven"], "'seven' is not key=value"),
            (["run", "deliver_sms", "notification_id=seven"], "notification_id='seven' is not a UUID"),
            (["list", "--queue", "fly"], "there is no queue fly; known are: periodic-tasks, "),
        ],
    )
    def test_what_there_is_not(self, migrated, arguments, said):
        assert said in migrated.refused("tasks", *arguments)


class TestBroadcasts:
    def test_one_that_there_is_not(self, migrated):
        assert migrated.refused("broadcasts", "show", UUID(int=7)) == f"no broadcast message {UUID(int=7)}"
        assert migrated.refused("broadcasts", "show", UUID(int=7), "--json") == f"no broadcast message {UUID(int=7)}"

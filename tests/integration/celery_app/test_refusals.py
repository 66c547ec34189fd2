"""Ways of running that do not fit together."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from notify_entrypoints.cli.relaying import relay
from notify_entrypoints.serve import serve
from notify_entrypoints.settings import SettingsError, load_settings


def test_one_process_for_everything_is_not_for_celery(tmp_path):
    variables = {
        "NOTIFY_DATA_DIR": str(tmp_path),
        "NOTIFY_TASK_QUEUE": "celery",
        "NOTIFY_TASK_QUEUE_BROKER_URL": "redis://127.0.0.1:1/0",
    }
    with pytest.raises(SettingsError, match="NOTIFY_TASK_QUEUE=celery: notify serve does its work itself"):
        serve(load_settings(variables))


def test_a_relay_alone_is_not_for_the_embedded_queue(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTIFY_DATA_DIR", str(tmp_path))
    with pytest.raises(SettingsError, match="NOTIFY_TASK_QUEUE=embedded needs no relay"):
        relay()


@pytest.mark.parametrize("program", ["worker", "beat"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"NOTIFY_TASK_QUEUE_BROKER_URL": "reddis://:hunter2@127.0.0.1/0"}, "must begin with redis://"),
        ({"NOTIFY_TASK_QUEUE": "embedded"}, "Celery's workers need NOTIFY_TASK_QUEUE=celery"),
        ({"NOTIFY_TASK_QUEU": "celery"}, "NOTIFY_TASK_QUEU is not a variable of Notify"),
    ],
)
def test_a_setting_that_is_wrong_is_one_line(tmp_path, program, wrong, said):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("NOTIFY_")}
    environ |= {"NOTIFY_DATA_DIR": str(tmp_path), "NOTIFY_TASK_QUEUE": "celery", **wrong}
    command = [str(Path(sys.executable).with_name("celery")), "-A", "notify_entrypoints.celery_app", program]
    ran = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False)
    (line,) = ran.stderr.splitlines()
    assert (ran.returncode, line[:8]) == (1, "notify: ")
    assert said in line
    assert "hunter2" not in line

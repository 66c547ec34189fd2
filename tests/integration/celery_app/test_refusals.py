"""Ways of running that do not fit together."""

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

"""The app as a WSGI server makes it: from the environment."""

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from notify_entrypoints.containers import container_of
from notify_entrypoints.http import create_app


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setenv("NOTIFY_DATA_DIR", str(tmp_path))
    yield tmp_path
    root.handlers[:] = handlers
    root.setLevel(level)


def test_it_serves_the_configured_platform(data_dir, migrated_database):
    shutil.copy(migrated_database, data_dir / "notify.db")
    app = create_app()

    assert app.test_client().get("/_status").status_code == 200
    container = container_of(app)
    assert container.settings().data_dir == data_dir
    container.engine().dispose()


class TestWhatIsWrong:
    """is said in one line, and the server does not try again."""

    @pytest.mark.parametrize(
        ("environ", "said"),
        [
            ({"NOTIFY_SMS": "pigeon"}, "NOTIFY_SMS: 'pigeon' is not installed; known are: fake, firetext, mmg"),
            ({"NOTIFY_ENVIRONMENT": "staging"}, "NOTIFY_ADMIN_SECRETS must be set in staging: "),
            ({"NOTIFY_CBC_ENABLED": "pigeon"}, "NOTIFY_CBC=fake: "),
            (
                {"NOTIFY_DATABASE_URL": "sqlite:///empty.db"},
                "sqlite:///empty.db holds nothing yet: run `notify migrate`",
            ),
        ],
        ids=lambda value: "=".join(*value.items()) if isinstance(value, dict) else "",
    )
    def test_by_the_app_itself(self, data_dir, migrated_database, *, monkeypatch, capsys, environ, said):
        monkeypatch.chdir(data_dir)
        shutil.copy(migrated_database, data_dir / "notify.db")
        for name, value in environ.items():
            monkeypatch.setenv(name, value)

        with pytest.raises(SystemExit) as ended:
            create_app()

        assert ended.value.code
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"notify: {said}")

    def test_under_gunicorn(self, data_dir):
        gunicorn = Path(sys.executable).with_name("gunicorn")
        ran = subprocess.run(
            [gunicorn, "--bind", "127.0.0.1:0", "--no-control-socket", "notify_entrypoints.http:create_app()"],
            env={**os.environ, "NOTIFY_PORT": "http"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

        assert ran.returncode
        assert "\nnotify: NOTIFY_PORT='http' is not a whole number from 1 to 65535\n" in ran.stderr
        assert "Traceback" not in ran.stderr

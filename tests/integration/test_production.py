"""docs/production.md followed to the letter: its files written, its commands run, one message of each kind sent."""

import os
import re
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from tests.integration.ports import free_port

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r'^```(\w+) title="([^"]+)"\n(.*?)^```', re.MULTILINE | re.DOTALL)
PAGE = BLOCK.findall((DOCS / "production.md").read_text(encoding="utf-8"))
STEPS = {title: text for kind, title, text in PAGE if kind == "sh" and "." not in title}
FILES = {title: text for _, title, text in PAGE if "." in title}

# Some twenty programs start; a busy machine takes its time.
pytestmark = pytest.mark.timeout(600)


class Reader:
    """Somebody who does what the page says, in one shell, on a machine where its addresses are taken."""

    def __init__(self, folder, *, database, broker):
        self.folder = folder
        api, s3, fakes = free_port(), free_port(), free_port()
        self.prefix = f"test-{uuid4().hex[:8]}-"
        self.instead = {
            "postgresql+psycopg://127.0.0.1:5432/notify": database,
            "redis://127.0.0.1:6379/0": broker,
            "staging-": self.prefix,
            "127.0.0.1:6011": f"127.0.0.1:{api}",
            "127.0.0.1:6013": f"127.0.0.1:{fakes}",
            "127.0.0.1:5000": f"127.0.0.1:{s3}",
            "moto_server -p 5000": f"moto_server -p {s3}",
            "notify fakes --port 6013": f"notify fakes --port {fakes}",
        }

    def write_files(self):
        for name, text in FILES.items():
            (self.folder / name).write_text(self._here(text), encoding="utf-8")

    def follow(self):
        """What the shell printed; each command must succeed."""
        script = "\n".join(f"echo '# {title}'\n{self._here(text)}" for title, text in STEPS.items())
        shell = subprocess.Popen(
            ["bash", "-e", "-u", "-o", "pipefail", "-c", script],
            cwd=self.folder,
            env={
                "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
                "HOME": str(self.folder),
                "LANG": "C.UTF-8",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # What it started goes with it, whatever happens.
            start_new_session=True,
        )
        try:
            printed, _ = shell.communicate(timeout=500)
        finally:
            left = self._end(shell)
        logs = {path.name: path.read_text(encoding="utf-8") for path in self.folder.glob("*.log")}
        last = "\n".join(f"{name}: {text[-1500:]}" for name, text in logs.items())
        assert shell.returncode == 0, f"{printed}\n{last}"
        assert not left, f"something was not stopped\n{last}"
        assert "Traceback" not in last
        return printed

    @staticmethod
    def _end(shell):
        """Whether the shell, or something that it started, had to be killed."""
        try:
            os.killpg(shell.pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        finally:
            shell.wait()
        return True

    def _here(self, text):
        for said, here in self.instead.items():
            text = text.replace(said, here)
        return text


@pytest.fixture
def reader(tmp_path, postgresql_server, redis_url):
    redis = pytest.importorskip("redis")
    with postgresql_server.database() as database, closing(redis.Redis.from_url(redis_url)) as broker:
        reader = Reader(tmp_path, database=database, broker=redis_url)
        yield reader
        for key in broker.scan_iter(f"{reader.prefix}*"):
            broker.delete(key)


def test_the_page_followed_to_the_letter(reader):
    reader.write_files()

    printed = reader.follow()

    steps = dict(re.findall(r"^# (\w+)\n(.*?)(?=^# |\Z)", printed, re.MULTILINE | re.DOTALL))
    assert set(steps) == {"configure", "prepare", "start", "send", "look", "stop"}
    assert re.search(r"^letter_store +s3 +[\d.]+ +ok$", steps["prepare"], re.MULTILINE)
    # How the PostgreSQL server of this test is run is no matter of the page.
    assert [line for line in steps["prepare"].splitlines() if "warning" in line and "autovacuum" not in line] == []
    assert {"alert broadcasting", "text delivered", "email delivered", "letter accepted %PDF-"} <= set(
        steps["send"].splitlines()
    )
    assert "people.csv: finished, 3 rows (sms)" in steps["send"]
    assert "trial" in steps["look"]
    assert re.search(r"broadcasting +4 of 4 +The river is rising\.$", steps["look"], re.MULTILINE)
    assert "Nothing is waiting and nothing has failed." in steps["look"]


def test_every_address_of_the_page_is_one_that_the_test_replaces(tmp_path):
    page = (DOCS / "production.md").read_text(encoding="utf-8")
    reader = Reader(tmp_path, database="", broker="")
    assert [said for said in reader.instead if said not in page] == []

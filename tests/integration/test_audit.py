"""The audit of dependencies, with a database of vulnerabilities that is played here: both verdicts, and none."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.integration.ports import free_port

SCRIPT = Path(__file__).parents[2] / "scripts" / "audit.py"
KNOWN = {
    "id": "PYSEC-2026-1",
    "details": "Letters get lost.",
    "aliases": [],
    "affected": [
        {
            "package": {"name": "pigeon", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


@pytest.fixture
def database():
    """Answers as osv.dev does; ``known`` says what it knows of a name."""

    database = SimpleNamespace(known={}, asked=[])

    class Database(BaseHTTPRequestHandler):
        def do_POST(self):
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            database.asked.append((question["package"]["name"], question["version"]))
            answer = json.dumps(database.known.get(question["package"]["name"], {})).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Database) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        database.url = f"http://127.0.0.1:{server.server_port}/v1/query"
        yield database
        server.shutdown()


@pytest.fixture
def audit(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text("".join(f"{one}==1.0 --hash=sha256:{'0' * 64}\n" for one in ("pigeon", "loft")))

    def run(database, *options):
        command = [sys.executable, str(SCRIPT), str(lock), "--database", database, *options]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
        assert ran.stderr == ""
        return ran.returncode, ran.stdout

    return run


def test_nothing_is_known(audit, database):
    status, said = audit(database.url)
    assert status == 0
    assert said.startswith("audited: nothing is known against the 2 releases")
    assert sorted(database.asked) == [("loft", "1.0"), ("pigeon", "1.0")]


def test_a_known_vulnerability_fails(audit, database):
    database.known["pigeon"] = {"vulns": [KNOWN]}
    assert audit(database.url) == (1, "pigeon 1.0: PYSEC-2026-1, mended in 1.1\n")


@pytest.mark.parametrize(("options", "expected"), [((), 0), (("--must",), 1)])
def test_where_the_database_is_away_nothing_is_claimed(audit, options, expected):
    status, said = audit(f"http://127.0.0.1:{free_port()}/v1/query", *options)
    assert status == expected
    assert said.startswith("NOT AUDITED")


def test_a_lock_that_cannot_be_read_fails(audit, tmp_path, database):
    (tmp_path / "requirements.lock").write_text("pigeon==1.0\n")
    status, said = audit(database.url)
    assert status == 1
    assert said.startswith("NOT AUDITED")

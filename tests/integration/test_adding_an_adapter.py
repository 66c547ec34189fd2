"""docs/adding-an-adapter.md followed to the letter: its files written, its commands run, a text sent."""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.integration.ports import free_port
from tests.integration.waiting import eventually

PAGE = (Path(__file__).parents[2] / "docs" / "adding-an-adapter.md").read_text(encoding="utf-8")
BLOCK = re.compile(r'^```(\w+) title="([^"]+)"\n(.*?)^```', re.MULTILINE | re.DOTALL)
FILES = {title: text for kind, title, text in BLOCK.findall(PAGE) if kind != "sh"}
COMMANDS = {title: text.splitlines() for kind, title, text in BLOCK.findall(PAGE) if kind == "sh"}
SCRIPTS = Path(sys.executable).parent


class Reader:
    """Somebody who does what the page says, on a machine where two addresses are taken."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.instead = {"127.0.0.1:6011": f"127.0.0.1:{self.port}"}
        self.serving = None
        self.site = folder / "site"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("NOTIFY_")},
            "PATH": f"{SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONPATH": str(self.site),
            "NOTIFY_PORT": str(self.port),
            "COLUMNS": "200",
        }

    def write_files(self):
        for title, text in FILES.items():
            path = self.folder / "package" / title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._here(text), encoding="utf-8")

    def follow(self, title):
        """What the commands of a block printed; each must succeed."""
        return "".join(self._do(self._here(line)) for line in COMMANDS[title])

    def _here(self, text):
        for said, here in self.instead.items():
            text = text.replace(said, here)
        return text

    def _do(self, line):
        words = shlex.split(line)
        if words[0] == "export":
            self.environ.update(word.split("=", 1) for word in words[1:])
            return ""
        if words[-1] == "&":
            self._serve(words[:-1])
            return ""
        if words[:2] == ["pip", "install"]:
            # Into a place of its own and from this machine alone; what it depends on is here already.
            build = ["--no-deps", "--no-build-isolation", "--no-index", "--target", str(self.site)]
            words = [
                sys.executable,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                *build,
                *words[2:],
            ]
        if words[0] == "python":
            words[0] = sys.executable
        ran = subprocess.run(
            words,
            cwd=self.folder / "package",
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert ran.returncode == 0, f"{line}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def _serve(self, words):
        log = self.folder / "serve.log"
        with log.open("wb") as out:
            self.serving = subprocess.Popen(
                words, cwd=self.folder / "package", env=self.environ, stdout=out, stderr=out
            )
        eventually(self._answers, log.read_text)

    def _answers(self):
        assert self.serving.poll() is None
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/_status", timeout=2).ok
        except requests.ConnectionError:
            return False

    def leave(self):
        if self.serving is not None:
            self.serving.terminate()
            self.serving.wait(20)


@pytest.fixture
def reader(tmp_path):
    reader = Reader(tmp_path)
    yield reader
    reader.leave()


@pytest.fixture
def loft(reader, tmp_path):
    """The supplier that the page's own test plays."""
    path = tmp_path / "loft.py"
    path.write_text(FILES["tests/test_sms.py"].replace("from notify_pigeon.sms import build\n", ""), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("loft", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    loft = module.Loft()
    reader.instead["http://127.0.0.1:9000/texts"] = loft.url
    yield loft
    loft.close()


@pytest.mark.timeout(300)
def test_the_page_followed_to_the_letter(reader, loft):
    reader.write_files()

    passed = reader.follow("install and test")
    counts = re.search(r"(\d+) passed", passed)
    assert counts, passed
    assert int(counts[1]) > 50
    assert "skipped" not in passed

    looked = reader.follow("choose")
    assert re.search(r"letter_store +NOTIFY_LETTER_STORE +one-file +directory, one-file, s3", looked)
    assert re.search(r"sms +NOTIFY_SMS +pigeon +fake, firetext, mmg, pigeon", looked)
    assert re.search(r"letter_store +one-file +[\d.]+ +ok", looked)
    assert re.search(r"sms +pigeon +[\d.]+ +ok", looked)

    said = reader.follow("send")
    assert said.endswith("\nCher Ami is home.\n")
    eventually(loft.texts, lambda: "no text arrived")
    assert loft.texts() == [("+447700900123", "GOVUK", "Pigeon Fanciers: Cher Ami is home.")]


def test_the_page_shows_three_adapters_each_with_its_test():
    assert {"pyproject.toml", "notify_pigeon/sms.py", "notify_pigeon/letter_store.py", "notify_pigeon/rural.py"} <= set(
        FILES
    )
    assert {"tests/test_sms.py", "tests/test_letter_store.py", "tests/test_rural.py"} <= set(FILES)
    assert set(COMMANDS) == {"install and test", "choose", "send"}


def test_every_command_on_the_page_is_followed():
    assert len(re.findall(r"^```sh", PAGE, re.MULTILINE)) == len(COMMANDS)

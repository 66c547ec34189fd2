"""docs/tutorial.md followed to the letter: its files written, its commands run, what they print compared."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.integration.ports import free_port

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r'^```(\w+) title="([^"]+)"\n(.*?)^```', PAGE, re.MULTILINE | re.DOTALL)
STEPS = {title: text for kind, title, text in BLOCKS if kind == "sh"}
FILES = {title: text for kind, title, text in BLOCKS if kind in {"toml", "python"}}
PRINTED = {title.removesuffix(" prints"): text for kind, title, text in BLOCKS if kind == "text"}

PURELIB = 'import sysconfig; print(sysconfig.get_path("purelib"))'
# What is installed in the tests' own environment stands for the package index: pip works out the whole
# installation and finds everything there.
THIS_ENVIRONMENT = f"""
pip() {{
  echo {sysconfig.get_path("purelib")} > "$(python -c '{PURELIB}')/tests.pth"
  command pip "$@" --quiet --no-index --dry-run --no-build-isolation
}}
"""


class Reader:
    """Somebody who does what the page says in a clone, on a machine where its address is taken."""

    def __init__(self, folder):
        self.clone = folder / "clone"
        self.clone.mkdir()
        for part in ("notify_core", "notify_adapters", "notify_entrypoints", "pyproject.toml", "README.md", "LICENSE"):
            (self.clone / part).symlink_to(ROOT / part)
        self.trial = folder / "trial"
        self.port = free_port()

    def follow(self):
        """What each step printed. Every command must succeed."""
        self.trial.mkdir()
        for name, text in FILES.items():
            (self.trial / name).write_text(self._here(text), encoding="utf-8")
        script = THIS_ENVIRONMENT + "\n".join(f"echo '# {title}'\n{self._here(text)}" for title, text in STEPS.items())
        with (self.clone / "printed.txt").open("w+") as printed:
            shell = subprocess.Popen(
                ["bash", "-e", "-u", "-o", "pipefail", "-c", script],
                cwd=self.clone,
                env={
                    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
                    "HOME": str(self.clone),
                    "LANG": "C.UTF-8",
                    "NOTIFY_PORT": str(self.port),
                    # Of what our own tests need, a reader has not installed this.
                    "PYTEST_ADDOPTS": "-p no:timeout",
                },
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                status = shell.wait(timeout=250)
            finally:
                self._end(shell)
            printed.seek(0)
            said = printed.read()
        assert status == 0, f"{said}\n{self.log()[-3000:]}"
        return dict(re.findall(r"^# (\w+)\n(.*?)(?=^# |\Z)", said, re.MULTILINE | re.DOTALL))

    def log(self):
        log = self.trial / "serve.log"
        return log.read_text(encoding="utf-8") if log.exists() else ""

    def _here(self, text):
        return text.replace("127.0.0.1:6011", f"127.0.0.1:{self.port}")

    @staticmethod
    def _end(shell):
        """Whatever happened, what the shell started goes with it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()


def as_pattern(text):
    """A line of three dots stands for any lines, or none."""
    return "".join("(.*\\n)*?" if line == "…\n" else re.escape(line) for line in text.splitlines(keepends=True))


@pytest.mark.timeout(300)
def test_the_page_followed_to_the_letter(tmp_path):
    reader = Reader(tmp_path)

    said = reader.follow()

    assert list(said) == list(STEPS)
    for step, text in PRINTED.items():
        assert re.fullmatch(as_pattern(text), said[step]), said[step]
    assert (reader.trial / "letter.pdf").read_bytes().startswith(b"%PDF")
    assert "1 passed" in said["test"]
    assert "Traceback" not in reader.log()


def test_every_block_is_followed():
    assert len(re.findall(r"^```\w", PAGE, re.MULTILINE)) == len(BLOCKS) == len(STEPS) + len(FILES) + len(PRINTED)

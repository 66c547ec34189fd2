"""docs/broadcasts.md, "Trying it": what it says is done, to the letter, on a machine of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.waiting import eventually

PAGE = Path(__file__).parents[3] / "docs" / "broadcasts.md"
SAID = PAGE.read_text(encoding="utf-8").partition("\n## Trying it\n")[2].partition("\n## ")[0]
# Development makes these by itself, where the page says.
OWN = {"NOTIFY_ADMIN_SECRETS", "NOTIFY_SECRET_KEYS", "NOTIFY_DATA_DIR"}
# Between two blocks the reader looks, and goes on.
READER_LOOKS = "input()\n"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", SAID, re.DOTALL | re.MULTILINE)


@pytest.fixture
def bare(machine):
    machine.environ = {name: value for name, value in machine.environ.items() if name not in OWN}
    return machine


def acknowledged(machine):
    """By how many, of each broadcast, the newest first."""
    return [one["acknowledged"] for one in machine.document("broadcasts", "list")]


def test_as_it_is_written(bare):
    (warnings,) = blocks("toml")
    (bare.folder / "warnings.toml").write_text(warnings)
    program = READER_LOOKS.join(blocks("text")).replace("127.0.0.1:6011", f"127.0.0.1:{bare.port}")
    command, pipe = [sys.executable, "-c", program], subprocess.PIPE
    with bare.serving():
        bare.done("provision", "warnings.toml")
        with subprocess.Popen(
            command, cwd=bare.folder, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True
        ) as reader:
            eventually(lambda: acknowledged(bare) == [4])
            reader.stdin.write("\n")
            reader.stdin.flush()
            eventually(lambda: acknowledged(bare) == [8])
            printed, _ = reader.communicate("\n", timeout=60)
        eventually(lambda: acknowledged(bare) == [4, 8])

        # Written, handed in, refused (Ada wrote it), approved; corrected and approved; by CAP and approved.
        statuses = ["201", "200", "400", "200", "201", "200", "201", "200"]
        assert [line.split(maxsplit=1)[0] for line in printed.splitlines()] == statuses, printed
        by_cap, by_people = bare.document("broadcasts", "list")
        said = bare.done("broadcasts", "show", by_people["id"])
        assert said.startswith("broadcasting: The river is falling.\n")
        assert " Ben  " in said
        assert said.endswith("\nNothing to do: every network has it.\n")
        assert " gauges  " in bare.done("broadcasts", "show", by_cap["id"])

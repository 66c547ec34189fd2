"""The guide, the table of secrets, the image and the example of its containers are of one deployment."""

import json
import re
import shlex
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from notify_entrypoints.http import create_app
from notify_entrypoints.settings.variables import VARIABLES

ROOT = Path(__file__).parents[3]


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


GUIDE = read("docs/production.md")
WORKERS = re.compile(r"^worker (\w+) +(?:(\d+) +)?([a-z,-]+-tasks\S*|[a-z,-]+)$", re.MULTILINE)
GROUPS = {group: (processes, queues) for group, processes, queues in WORKERS.findall(read("docs/operations.md"))}
PARTS = {name: set(parts.split()) for name, parts in re.findall(r"^process (\w+) +(\S.*)$", GUIDE, re.MULTILINE)}
# What the columns of the table of secrets are called in the guide.
PART_OF = {"S3": "files", "NOTIFY_SECRET_KEYS": "keys", "NOTIFY_ADMIN_SECRETS": "admin"}


class TestGuide:
    def test_it_starts_the_groups_of_operations(self):
        assert {group: queues for group, _, queues in WORKERS.findall(GUIDE)} == {
            group: queues for group, (_, queues) in GROUPS.items()
        }

    def test_each_process_gets_what_the_table_of_secrets_gives_it(self):
        rows = [
            [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
            for line in read("docs/secrets.md").splitlines()
            # The table of the buckets is narrower.
            if line.count("|") > 10
        ]
        (_, *columns), _, *processes = rows
        table = {
            process.removeprefix("workers ").removeprefix("notify ").lower(): {
                PART_OF.get(column, column) for column, cell in zip(columns, cells, strict=True) if cell == "yes"
            }
            for process, *cells in processes
        }
        assert len(table) == len(GROUPS) + 4
        assert {name: parts for name, parts in PARTS.items() if name in table} == table

    def test_every_process_is_started_with_its_own(self):
        started = set(re.findall(r"\bsh run\.sh (\w+) \w", GUIDE)) | set(GROUPS)
        assert set(PARTS) == started


class TestImage:
    LINES = read("Containerfile").replace("\\\n", " ").splitlines()

    def of(self, instruction):
        return [line.partition(" ")[2] for line in self.LINES if line.startswith(f"{instruction} ")]

    def test_what_it_copies_is_there_and_not_ignored(self):
        kept = [line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")]
        sources = [word for line in self.of("COPY") if "--from" not in line for word in line.split()[:-1]]
        assert len(sources) > 5
        assert [source for source in sources if not (ROOT / source).exists()] == []
        assert [source for source in sources if not any(fnmatch(source, one) for one in kept)] == []

    def test_the_wheel_is_built_of_what_is_copied(self):
        copied = {word for line in self.of("COPY") if "--from" not in line for word in line.split()[:-1]}
        (packages,) = re.findall(r"^packages = (\[.*\])$", read("pyproject.toml"), re.MULTILINE)[:1]
        needed = set(json.loads(packages))
        assert needed
        assert needed | {"pyproject.toml", "README.md", "LICENSE"} <= copied

    def test_the_versions_are_those_of_the_lock(self, tmp_path):
        (command,) = (line for line in self.of("RUN") if line.startswith("sed "))
        (tmp_path / "requirements.lock").write_text(read("requirements.lock"), encoding="utf-8")
        subprocess.run(["sh", "-e", "-c", command], cwd=tmp_path, check=True, timeout=60)
        named = (tmp_path / "constraints.txt").read_text(encoding="utf-8").splitlines()
        assert all(re.fullmatch(r"[\w.-]+==\S+", line) for line in named)
        assert len(named) == len(re.findall(r"^\S+==", read("requirements.lock"), re.MULTILINE)) > 50

    def test_nobody_in_it_is_root_and_it_holds_no_secret(self):
        (user,) = self.of("USER")
        assert int(user) > 0
        said = read("Containerfile")
        assert [variable.name for variable in VARIABLES if variable.secret and variable.name in said] == []
        assert "_KEY" not in said

    def test_it_serves_the_api_and_asks_it_how_it_is(self):
        (command,) = (json.loads(line) for line in self.of("CMD"))
        assert command[-1] == f"{create_app.__module__.rpartition('.')[0]}:{create_app.__name__}()"
        assert "/_status" in next(line for line in self.LINES if line.startswith("HEALTHCHECK"))


class TestContainers:
    SERVICES = yaml.safe_load(read("compose.yaml"))["services"]

    def test_they_are_the_processes_of_the_guide(self):
        assert set(self.SERVICES) == set(PARTS) - {"fakes", "operator", "check"}

    @pytest.mark.parametrize("name", SERVICES)
    def test_each_is_given_its_own_variables(self, name):
        assert self.SERVICES[name]["env_file"] == ["common.env", f"{name}.env"]

    @pytest.mark.parametrize("group", GROUPS)
    def test_the_groups_are_those_of_operations(self, group):
        command = shlex.join(self.SERVICES[group]["command"])
        processes, queues = GROUPS[group]
        assert command.startswith("celery -A notify_entrypoints.celery_app worker --without-gossip --without-mingle")
        assert command.endswith(f"-n {group}@%h -c {processes} -Q {queues}")

    def test_only_the_api_is_asked_for_its_health(self):
        asked = [name for name, one in self.SERVICES.items() if not one["healthcheck"]["disable"]]
        assert asked == ["api"]

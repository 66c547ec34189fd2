import subprocess
import sys

import pytest

from notify_entrypoints.cli.main import app


def commands(group, path=()):
    """The group's own path and those of all its commands."""
    yield path
    for command in group.registered_commands:
        yield (*path, command.name or command.callback.__name__)
    for inner in group.registered_groups:
        yield from commands(inner.typer_instance, (*path, inner.name))


COMMANDS = [list(path) for path in commands(app)]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(machine, command):
    said = machine.done(*command, "--help")

    assert said.startswith(f"Usage: notify {' '.join(command)}".rstrip())
    assert "..." not in said.partition("Commands:")[2], "a sentence is cut off"
    assert not machine.data_dir.exists()


def test_every_command_is_in_the_list(machine):
    assert {"serve", "provision", "migrate", "check", "adapters", "tasks", "broadcasts"} <= {
        command[0] for command in COMMANDS if command
    }
    said = machine.done("--help")
    assert {command[0] for command in COMMANDS if command} == {
        line.split()[0] for line in said.partition("Commands:\n")[2].splitlines()
    }


def test_the_version(machine):
    assert machine.done("--version").strip()[0].isdigit()


def test_nothing_asked_is_a_usage_error_that_helps(machine):
    ran = machine.notify()
    assert ran.returncode == 2
    assert "Commands:" in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["fly"], "No such command 'fly'"),
        (["check", "--fly"], "No such option: --fly"),
        (["tasks", "show", "seven"], "Invalid value for 'entry_id'"),
        (["tasks", "list", "--state", "lost"], "'lost' is not one of 'due', 'published', 'claimed', 'failed'"),
        (["broadcasts", "show"], "Missing argument 'ID'"),
        (["serve", "--port", "many"], "Invalid value for '--port'"),
        (["provision"], "Missing argument 'FILE'"),
    ],
)
def test_a_usage_error_is_told_with_status_2(machine, command, said):
    ran = machine.notify(*command)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_help_waits_for_no_library_that_it_does_not_need():
    program = (
        "import sys\n"
        "sys.argv = ['notify', '--help']\n"
        "from notify_entrypoints.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'sqlalchemy', 'alembic', 'flask', 'lxml', 'shapely', 'boto3', 'requests', 'dependency_injector'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("library", "extra"), [("typer", "cli"), ("sqlalchemy", "sql"), ("dependency_injector", "di")])
def test_a_library_that_is_not_installed_is_named_with_its_extra(machine, tmp_path, library, extra):
    # As Python says it where the library is not there.
    missing = tmp_path / "without"
    missing.mkdir()
    (missing / f"{library}.py").write_text(f"raise ModuleNotFoundError('No module', name='{library}')\n")
    line = machine.refused("migrate", PYTHONPATH=str(missing))
    assert line == f"this needs the library {library}: pip install 'notify-platform[{extra}]'"

"""Whatever is wrong: one line that names it, status 1, no traceback."""

import sqlite3

import pytest

COMMANDS = [("check",), ("serve",)]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"NOTIFY_CBC": "pigeon"}, "NOTIFY_CBC: 'pigeon' is not installed; known are: disabled, fake, lambda"),
        ({"NOTIFY_PROT": "1"}, "NOTIFY_PROT is not a variable of Notify"),
        ({"NOTIFY_PORT": "http"}, "NOTIFY_PORT='http' is not a whole number from 1 to 65535"),
        ({"NOTIFY_CONFIG": "none.toml"}, "NOTIFY_CONFIG: none.toml cannot be read: No such file or directory"),
        ({"NOTIFY_DATABASE_URL": "mysql://db"}, "NOTIFY_DATABASE_URL: the database must be sqlite:///…"),
        ({"NOTIFY_DATABASE_URL": "sqlite:////nowhere/db"}, "NOTIFY_DATABASE_URL: sqlite:////nowhere/db: "),
    ],
    ids=lambda value: "=".join(*value.items()) if isinstance(value, dict) else "",
)
def test_settings(machine, command, environ, said):
    assert machine.refused(*command, **environ).startswith(said)


@pytest.mark.parametrize("missing", ["NOTIFY_SECRET_KEYS", "NOTIFY_ADMIN_SECRETS"])
def test_a_secret_that_is_missing_outside_development(machine, missing):
    line = machine.refused("serve", NOTIFY_ENVIRONMENT="staging", **{missing: None})
    assert line.startswith(f"{missing} must be set in staging: ")


def test_a_fake_in_live(machine):
    assert machine.refused("serve", NOTIFY_ENVIRONMENT="live").startswith("NOTIFY_CBC=fake is refused in live")


@pytest.mark.parametrize("command", [("check",), ("tasks", "list"), ("provision", "services.toml")], ids=" ".join)
def test_a_database_that_has_not_been_migrated(machine, command):
    (machine.folder / "services.toml").write_text("")
    line = machine.refused(*command)
    assert line.endswith(
        "holds nothing yet: run `notify migrate`, or `notify serve`, which does that for its own database"
    )


def test_a_database_of_another_release(migrated):
    connection = sqlite3.connect(migrated.data_dir / "notify.db", isolation_level=None)
    connection.execute("update alembic_version set version_num = '0001'")
    connection.close()
    assert "has the schema 0001 of an older release, this one needs" in migrated.refused("check")


def test_a_database_that_is_none(machine):
    machine.data_dir.mkdir()
    (machine.data_dir / "notify.db").write_text("This is no database, whatever its name says. " * 100)
    for command in ("check", "migrate", "serve"):
        assert "cannot be used: file is not a database" in machine.refused(command)


def test_damaged_secrets(machine):
    machine.data_dir.mkdir()
    (machine.data_dir / "secrets.json").write_text('{"secret_keys": ["hush"')
    for command in ("check", "serve"):
        line = machine.refused(command, NOTIFY_SECRET_KEYS=None)
        assert line.endswith("is damaged; restore it, what it encrypted needs it")
        assert "hush" not in line


@pytest.mark.parametrize("secrets", [{}, {"NOTIFY_SECRET_KEYS": None}], ids=["given", "made"])
@pytest.mark.parametrize("command", ["check", "migrate", "serve"])
def test_a_data_directory_that_cannot_be_written(machine, command, secrets):
    (machine.folder / "file").write_text("")
    line = machine.refused(command, NOTIFY_DATA_DIR=str(machine.folder / "file" / "data"), **secrets)
    assert line.startswith("NOTIFY_DATA_DIR: ")
    assert "cannot be used: Not a directory" in line


def test_an_adapter_that_does_not_start(machine):
    line = machine.refused("serve", NOTIFY_TICKETS="zendesk")
    assert line == "NOTIFY_TICKETS=zendesk: NOTIFY_TICKETS_URL is required"
    assert "'pigeon' is no installed network" in machine.refused("serve", NOTIFY_CBC_ENABLED="pigeon")

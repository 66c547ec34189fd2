"""Who is given the secrets that docs/secrets.md gives it can do its work, and with one less does not start."""

import re
from pathlib import Path

import pytest

from notify_core.registry.tasks import REGISTRY, arriving_by
from notify_entrypoints import http
from notify_entrypoints.celery_app.make import make_app
from notify_entrypoints.containers import Container, prepare
from notify_entrypoints.settings import SettingsError, load_settings

paramiko = pytest.importorskip("paramiko")

DOCS = Path(__file__).parents[3] / "docs"
GROUPS = dict(re.findall(r"^worker (\w+) +\d+ +(\S+)$", (DOCS / "operations.md").read_text("utf-8"), re.MULTILINE))
ROWS = [
    [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
    for line in (DOCS / "secrets.md").read_text("utf-8").splitlines()
    if line.startswith("|") and line.count("|") == 13
]
(_, *COLUMNS), _, *PROCESSES = ROWS
GIVEN = {
    process: [column for column, cell in zip(COLUMNS, cells, strict=True) if cell == "yes"]
    for process, *cells in PROCESSES
}

# What is no secret, and all processes share.
CHOICES = {
    "NOTIFY_ENVIRONMENT": "live",
    "NOTIFY_TASK_QUEUE": "celery",
    "NOTIFY_SMS": "mmg,firetext",
    "NOTIFY_SMS_MMG_URL": "https://mmg.example",
    "NOTIFY_SMS_FIRETEXT_URL": "https://firetext.example",
    "NOTIFY_EMAIL": "ses",
    "NOTIFY_CBC": "lambda",
    "NOTIFY_TICKETS": "zendesk",
    "NOTIFY_TICKETS_URL": "https://tickets.example",
    "NOTIFY_TICKETS_EMAIL": "notify@example.com",
    "NOTIFY_LETTER_STORE": "s3",
    **{
        f"NOTIFY_LETTER_STORE_{name}_BUCKET": f"letters-{name.lower()}"
        for name in ("PDF", "TEST", "SCAN", "SANITISE", "INVALID", "RESPONSE")
    },
    "NOTIFY_RECIPIENT_FILES": "s3",
    "NOTIFY_RECIPIENT_FILES_BUCKET": "recipients",
    "NOTIFY_DOCUMENTS": "s3",
    "NOTIFY_DOCUMENTS_BUCKET": "documents",
    "NOTIFY_LETTER_PRINTER": "sftp",
    "NOTIFY_LETTER_PRINTER_HOST": "printer.example",
    "NOTIFY_LETTER_PRINTER_USERNAME": "notify",
    "NOTIFY_LETTER_PRINTER_VOLUMES_TO": "post@printer.example",
    "NOTIFY_RATE_LIMITER": "redis",
}
# By the column of the table: the variables, and what of them a refusal names.
SECRETS = {
    "database": ({"NOTIFY_DATABASE_URL": "sqlite:///{folder}/notify.db"}, None),
    "NOTIFY_SECRET_KEYS": ({"NOTIFY_SECRET_KEYS": "k" * 32}, "NOTIFY_SECRET_KEYS"),
    "NOTIFY_ADMIN_SECRETS": ({"NOTIFY_ADMIN_SECRETS": "a" * 32}, "NOTIFY_ADMIN_SECRETS"),
    "broker": ({"NOTIFY_TASK_QUEUE_BROKER_URL": "redis://:hush@127.0.0.1:1/0"}, "NOTIFY_TASK_QUEUE_BROKER_URL"),
    "S3": ({"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "hush"}, "AWS_ACCESS_KEY_ID"),
    "texts": (
        {"NOTIFY_SMS_MMG_API_KEY": "hush", "NOTIFY_SMS_FIRETEXT_API_KEY": "hush"},
        "NOTIFY_SMS_MMG_API_KEY",
    ),
    "emails": (
        {"NOTIFY_EMAIL_ACCESS_KEY_ID": "key", "NOTIFY_EMAIL_SECRET_ACCESS_KEY": "hush"},
        "NOTIFY_EMAIL=ses: there are no AWS credentials",
    ),
    "networks": (
        {"NOTIFY_CBC_ACCESS_KEY_ID": "key", "NOTIFY_CBC_SECRET_ACCESS_KEY": "hush"},
        "NOTIFY_CBC=lambda: there are no AWS credentials",
    ),
    "printer": ({"NOTIFY_LETTER_PRINTER_KEY_FILE": "{folder}/key"}, "NOTIFY_LETTER_PRINTER_KEY_FILE"),
    "tickets": ({"NOTIFY_TICKETS_API_KEY": "hush"}, "NOTIFY_TICKETS_API_KEY"),
    "limiter": ({"NOTIFY_RATE_LIMITER_URL": "redis://:hush@127.0.0.1:1/0"}, "NOTIFY_RATE_LIMITER_URL"),
}


@pytest.fixture
def container(tmp_path, monkeypatch):
    """The platform of a process that is given these secrets and no others."""
    key = paramiko.ECDSAKey.generate()
    key.write_private_key_file(str(tmp_path / "key"))
    places = {name: str(tmp_path / "none") for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")}
    for name, value in {**places, "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)
    made = []

    def given(*secrets):
        environ = {
            **CHOICES,
            "NOTIFY_DATA_DIR": str(tmp_path),
            "NOTIFY_LETTER_PRINTER_HOST_KEY": f"{key.get_name()} {key.get_base64()}",
        }
        for name in SECRETS["S3"][0]:
            monkeypatch.delenv(name, raising=False)
        for secret in secrets:
            environ |= {name: value.format(folder=tmp_path) for name, value in SECRETS[secret][0].items()}
        for name, value in environ.items():
            if name.startswith("AWS_"):
                monkeypatch.setenv(name, value)
        made.append(Container(settings=load_settings(environ)))
        return made[-1]

    yield given
    for one in made:
        one.engine().dispose()


def a_worker(container, group):
    """Looks as a worker of this group does before it starts."""
    container.relay()
    container.execute()
    prepare(container, arriving_by(GROUPS[group].split(",")))


def the_api(container):
    """Makes all that any route asks for."""
    container.settings().needed_admin_secrets()
    source = "".join(path.read_text("utf-8") for path in Path(http.__path__[0]).rglob("*.py"))
    asked = {name for name in re.findall(r"\.(\w+)\(\)", source) if name in Container.providers}
    assert len(asked) > 50
    for name in sorted(asked):
        container.providers[name]()


START = {
    **{f"workers {group}": lambda container, group=group: a_worker(container, group) for group in GROUPS},
    "API": the_api,
    "beat": lambda container: make_app(container.settings()),
    "notify relay": lambda container: container.relay(),
    "notify migrate": lambda container: container.engine(),
}
NEEDS = {
    f"{process} without {secret}": (process, secret)
    for process in START
    for secret in GIVEN[process]
    # Who has the credentials of S3 is taken at its word that they are good for emails, too.
    if SECRETS[secret][1] and not (secret == "emails" and "S3" in GIVEN[process])
}


def test_the_table_has_every_group_of_workers():
    assert {process for process in GIVEN if process.startswith("workers ")} == {f"workers {group}" for group in GROUPS}
    assert {task for group in GROUPS.values() for task in arriving_by(group.split(","))} == set(REGISTRY)


@pytest.mark.parametrize("process", START)
def test_it_starts_with_what_it_is_given(container, process):
    START[process](container(*GIVEN[process]))


@pytest.mark.parametrize(("process", "secret"), NEEDS.values(), ids=NEEDS)
def test_it_does_not_start_without_one_and_names_it(container, process, secret):
    fewer = [other for other in GIVEN[process] if other != secret]
    with pytest.raises(SettingsError, match=SECRETS[secret][1]):
        START[process](container(*fewer))

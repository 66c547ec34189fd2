import pytest

from notify_entrypoints.settings import load_settings
from notify_entrypoints.settings.advice import warnings

SECRETS = {"NOTIFY_SECRET_KEYS": "k" * 32, "NOTIFY_ADMIN_SECRETS": "a" * 32}
CELERY = {"NOTIFY_TASK_QUEUE": "celery", "NOTIFY_TASK_QUEUE_BROKER_URL": "redis://broker/0"}
LIVE = {"NOTIFY_ENVIRONMENT": "live", "NOTIFY_ALLOW_FAKES": "true"}
POSTGRESQL = {"NOTIFY_DATABASE_URL": "postgresql+psycopg://db/notify"}
PATHS = {
    "NOTIFY_LETTER_STORE_PATH": "/shared/letters",
    "NOTIFY_RECIPIENT_FILES_PATH": "/shared/files",
    "NOTIFY_DOCUMENTS_PATH": "/shared/documents",
}


@pytest.fixture
def warned(tmp_path):
    return lambda **environ: warnings(load_settings({"NOTIFY_DATA_DIR": str(tmp_path), **SECRETS, **environ}))


def test_one_process_on_one_machine_is_told_nothing(warned):
    assert warned() == {}


def test_several_processes_may_be_on_several_machines(warned):
    said = warned(**CELERY)
    assert set(said) == {"database", "letter_store", "recipient_files", "documents"}
    assert "choose s3, or name a folder that all share with NOTIFY_LETTER_STORE_PATH" in said["letter_store"]
    assert "NOTIFY_RECIPIENT_FILES=directory keeps jobs' files" in said["recipient_files"]
    assert "NOTIFY_DOCUMENTS=directory keeps files by email" in said["documents"]
    assert set(warned(**CELERY, **POSTGRESQL)) == {"letter_store", "recipient_files", "documents"}


def test_who_names_the_folders_knows_where_they_are(warned):
    assert warned(**CELERY, **POSTGRESQL, **PATHS) == {}


def test_who_keeps_files_elsewhere_is_told_nothing(warned):
    s3 = {"NOTIFY_RECIPIENT_FILES": "s3", "NOTIFY_RECIPIENT_FILES_BUCKET": "files"}
    assert set(warned(**CELERY, **POSTGRESQL, **s3)) == {"letter_store", "documents"}


def test_in_live_what_is_printed_leaves_the_machine_that_packs_it(warned):
    several = {**LIVE, **CELERY, **POSTGRESQL, **PATHS}
    assert "stay on the machine of the worker" in warned(**several)["letter_printer"]
    assert "letter_printer" not in warned(**several, NOTIFY_LETTER_PRINTER_PATH="/shared/printer")
    assert "letter_printer" not in warned(**LIVE)


def test_in_live_somebody_must_be_called_and_files_be_looked_at(warned):
    assert set(warned(**LIVE)) == {"tickets", "virus_scanner"}
    assert "calls nobody" in warned(**LIVE)["tickets"]
    assert "as they come" in warned(**LIVE)["virus_scanner"]
    assert warned(**LIVE, NOTIFY_TICKETS="zendesk", NOTIFY_VIRUS_SCANNER="clamd") == {}

import pytest

from notify_core.accounts.use_cases.acting import Actor
from notify_core.testing.builders import a_service, an_id

WHO = f"{an_id()}"


@pytest.fixture
def actor():
    return Actor(WHO, "http")


@pytest.fixture
def service(notify):
    service = a_service(name="Library")
    notify.put(service)
    return service


@pytest.fixture
def audited(notify):
    """What was done to a thing; that it says by whom is checked by the way."""

    def read(subject):
        with notify.work(read_only=True) as work:
            entries = work.audit.about(str(subject))
        assert {(entry.who, entry.where) for entry in entries} <= {(WHO, "http")}
        return [entry.what for entry in entries]

    return read

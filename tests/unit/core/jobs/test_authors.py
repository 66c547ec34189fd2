from uuid import uuid4

import pytest

from notify_core.accounts.model import User
from notify_core.jobs.use_cases import NameAuthors
from notify_core.kernel.ids import JobId, UserId


@pytest.fixture
def ada(notify):
    person = User(UserId(uuid4()), "Ada", "ada@example.gov.uk")
    with notify.work() as work:
        work.users.put(person)
        work.commit()
    return person


def test_jobs_are_those_of_the_people_who_submitted_them(notify, upload, ada):
    first, second = upload(1, created_by=ada.id), upload(1, created_by=ada.id)
    somebody, nobody = upload(1, created_by=UserId(uuid4())), upload(1)
    asked = [first.id, second.id, somebody.id, nobody.id, JobId(uuid4())]
    assert notify.use(NameAuthors)(asked) == {first.id: "Ada", second.id: "Ada"}


def test_where_no_job_is_nothing_is_asked(notify):
    def open_work(**_):
        pytest.fail("the database was asked")

    assert NameAuthors(open_work)([]) == {}

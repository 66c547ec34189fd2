"""What the printer and the post answer, from the request to the letter."""

import json
from urllib.parse import quote_plus
from uuid import uuid4

import pytest

from notify_core.letters.model import Bucket
from notify_core.letters.states import LetterStatus
from notify_core.testing.builders import NOON, a_letter
from tests.integration.sns import CONFIRM, amazon_served, by_a_stranger, confirmation, signed

DVLA = "/notifications/letter/dvla"
FILE = "NOTIFY-20260105120000-RSP.TXT"


@pytest.fixture(params=["sqlite", "postgresql"])
def notify(request, make_notify):
    if request.param == "sqlite":
        yield make_notify()
        return
    server, template = (request.getfixturevalue(name) for name in ("postgresql_server", "postgresql_template"))
    with server.database(template) as url:
        notify = make_notify(NOTIFY_DATABASE_URL=url)
        yield notify
        notify.container.wake().close()


@pytest.fixture
def given(notify):
    def put(*references, status=LetterStatus.SENDING, **changes):
        made = [
            a_letter(file_reference=one, status=status, **{"sent_at": NOON, "sheets": 1} | changes)
            for one in references
        ]
        with notify.container.work()() as work:
            work.letters.add_many(made)
            work.commit()
        return made

    return put


@pytest.fixture
def status(notify):
    def read(reference):
        with notify.container.work()(read_only=True) as work:
            return work.letters.by_file_references([reference])[reference].status

    return read


@pytest.fixture
def write(notify):
    return lambda content, name=FILE: notify.container.letter_store().put(Bucket.RESPONSE, name, content)


@pytest.fixture
def post(notify):
    def deliver(request, expected=200):
        with amazon_served() as amazon:
            answer = notify.request("POST", DVLA, body=request.body, headers={"Content-Type": "text/plain"})
            assert answer.status_code == expected, answer.data
        notify.drain()
        return answer.json, amazon.asked

    return deliver


def announcing(*keys):
    records = [{"s3": {"bucket": {"name": "responses"}, "object": {"key": quote_plus(key)}}} for key in keys]
    return {"Message": json.dumps({"Records": records})}


def test_an_announced_file_is_applied_once(notify, given, status, write, post):
    given("LETTER0000000001", "LETTER0000000002", "LETTER0000000003")
    write(b"LETTER0000000001|Sent|1|Sorted\nLETTER0000000002|Damaged|1|Unsorted\nUNKNOWN000000000|Sent|1|Sorted\n")
    for _ in range(2):
        assert post(signed(**announcing(FILE)))[0] == {"result": "success"}
    assert [status(f"LETTER000000000{n}") for n in (1, 2, 3)] == ["delivered", "temporary-failure", "sending"]
    (file,) = notify.container.list_answer_files()()
    assert (file.counts.printed, file.counts.failed, file.counts.unknown, file.counts.late) == (1, 1, 1, 0)
    with notify.container.work()(read_only=True) as work:
        (ticket,) = work.tickets.newest()
    assert ticket.subject == "[test] Letters were not printed"
    assert notify.rows() == []


def test_an_invalid_file_changes_nothing(notify, given, status, write, post):
    given("LETTER0000000001")
    write(b"LETTER0000000001|Sent|1|Sorted\nLETTER0000000002|Sent|many|Sorted\n")
    post(signed(**announcing(FILE)))
    assert status("LETTER0000000001") == "sending"
    reasons = {row.task: row.reason for row in notify.rows()}
    assert reasons.keys() == {"update-letter-notifications-statuses", "record-daily-sorted-counts"}
    assert "line 2: 'many' is no page count" in reasons["update-letter-notifications-statuses"]


def test_who_is_not_amazon_announces_nothing(notify, given, status, write, post):
    given("LETTER0000000001")
    write(b"LETTER0000000001|Sent|1|Sorted\n")
    answer, _ = post(by_a_stranger(**announcing(FILE)), 403)
    assert answer == {"result": "error", "message": "DVLA callback failed: wrong signature"}
    assert status("LETTER0000000001") == "sending"


def test_a_subscription_is_confirmed(post):
    answer, called = post(confirmation())
    assert answer == {"result": "success"}
    assert called[-1] == CONFIRM


def test_nonsense(notify):
    answer = notify.request("POST", DVLA, body=b"hello")
    assert (answer.status_code, answer.json["message"]) == (400, "DVLA callback failed: it is not JSON")


def test_twenty_hundred_letters_are_answered_for(notify, given, status, write, post):
    references = [f"LETTER{number:010}" for number in range(2000)]
    given(*references)
    write("".join(f"{reference}|Sent|1|Unsorted\n" for reference in references).encode())
    post(signed(**announcing(FILE)))
    with notify.container.work()(read_only=True) as work:
        found = work.letters.by_file_references(references)
    assert {letter.status for letter in found.values()} == {LetterStatus.DELIVERED}


class TestReturned:
    def test_letters_become_returned_and_are_listed(self, notify, given, status):
        service = notify.service()
        one, _ = given("LETTER0000000001", "LETTER0000000002", service_id=service.id)
        body = {"references": ["LETTER0000000001", "UNKNOWN000000000"]}
        answer = notify.admin("POST", "/letters/returned", body)
        assert (answer.status_code, answer.json) == (202, {"count": 2})
        notify.drain()
        assert [status(f"LETTER000000000{n}") for n in (1, 2)] == ["returned-letter", "sending"]
        listed = notify.admin("GET", f"/service/{service.id}/returned-letters").json["returned_letters"]
        assert [entry["notification_id"] for entry in listed] == [str(one.id)]
        assert listed[0]["reported_at"].endswith("Z")

    @pytest.mark.parametrize("references", [[], ["what?"], [1], "LETTER0000000001", None])
    def test_what_is_no_list_of_references_is_refused(self, notify, references):
        assert notify.admin("POST", "/letters/returned", {"references": references}).status_code == 400
        assert notify.rows() == []

    def test_is_for_the_admin_application(self, notify):
        assert notify.request("POST", "/letters/returned", body={"references": ["A"]}).status_code == 401
        assert notify.request("GET", f"/service/{uuid4()}/returned-letters").status_code == 401

    def test_of_a_service_that_does_not_exist(self, notify):
        assert notify.admin("GET", f"/service/{uuid4()}/returned-letters").status_code == 404

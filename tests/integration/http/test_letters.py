"""Letters: sent, read among other messages, fetched as PDFs, cancelled."""

import base64
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from notify_core.accounts.model import KeyType, Permission
from notify_core.letters.model import PROVIDED_AS_PDF, LetterRate, Postage
from notify_core.letters.policies.uploads import id_of_upload_template
from notify_core.letters.states import UNFINISHED, LetterStatus
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import a_letter, a_notification
from tests.integration.uploads import an_upload

LETTER = "/v2/notifications/letter"
ADDRESS = {"address_line_1": "Siân ŵ", "address_line_2": "1 Stryd Fawr", "address_line_3": "cf101aa"}
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def service(notify):
    return notify.service(name="Floods", permissions=frozenset(Permission))


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def template(notify, service):
    return notify.template(
        service, "Dear ((name)),\n\n* rising", type=TemplateType.LETTER, subject="About ((name))", postage="first"
    )


@pytest.fixture
def send(notify, key, template):
    def post(by=None, headers=None, **changes):
        body = {"template_id": str(template.id), "personalisation": {**ADDRESS, "name": "Grace"}, **changes}
        return notify.post(LETTER, body, by or key, headers=headers or {})

    return post


@pytest.fixture
def upload(notify, key):
    def post(pdf=None, by=None, headers=None, **changes):
        content = base64.b64encode(an_upload() if pdf is None else pdf).decode()
        return notify.post(
            LETTER, {"reference": "case 2", "content": content} | changes, by or key, headers=headers or {}
        )

    return post


@pytest.fixture(params=["send", "upload"])
def either(request):
    """Sends a letter of either kind."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def read(notify, key):
    def get(identity, by=None):
        answer = notify.get(f"/v2/notifications/{identity}", by or key)
        assert answer.status_code == 200, answer.data
        return answer.json

    return get


@pytest.fixture
def pdf(notify, key):
    return lambda identity, by=None: notify.get(f"/v2/notifications/{identity}/pdf", by or key)


@pytest.fixture
def kept_letter(notify, service, template):
    """A letter that is there already."""

    def put(**changes):
        letter = a_letter(**{"service_id": service.id, "template_id": template.id} | changes)
        with notify.container.work()() as work:
            work.letters.add_many([letter])
            work.commit()
        return letter

    return put


def stored(notify):
    """How many letters wait to be printed or checked."""
    later = datetime.now(UTC) + timedelta(days=1)
    with notify.container.work()(read_only=True) as work:
        waiting = [work.letters.waiting_since(one, later, 9) for one in LetterStatus if one in UNFINISHED]
    return sum(map(len, waiting))


def test_what_a_letter_is_answered_with(send, service, template):
    answer = send(reference="case 1")

    identity = answer.json["id"]
    assert answer.status_code == 201
    assert answer.json == {
        "id": identity,
        "reference": "case 1",
        "content": {"body": "Dear Grace,\n\n* rising", "subject": "About Grace"},
        "uri": f"http://notify.test/v2/notifications/{identity}",
        "template": {
            "id": str(template.id),
            "version": 1,
            "uri": f"http://notify.test/services/{service.id}/templates/{template.id}",
        },
        "scheduled_for": None,
    }


def test_a_letter_becomes_a_pdf(notify, send, read, pdf, errors_of):
    with notify.container.work()() as work:
        work.letter_rates.put(LetterRate(NOON, 1, Postage.FIRST, Decimal("1.33")))
        work.commit()
    sent = send().json
    identity, template_id = sent["id"], sent["template"]["id"]
    before = read(identity)
    assert (before["is_cost_data_ready"], before["cost_in_pounds"], before["cost_details"]) == (False, None, {})
    assert errors_of(pdf(identity), 400, "PDFNotReadyError") == ["PDF not available yet, try again later"]

    notify.drain()

    made = pdf(identity)
    assert (made.status_code, made.mimetype) == (200, "application/pdf")
    assert made.data.startswith(b"%PDF")
    after = read(identity)
    assert set(after) == set(before)
    times = ("created_at", "estimated_delivery")
    assert {name: value for name, value in after.items() if name not in times} == {
        "id": identity,
        "reference": None,
        "email_address": None,
        "phone_number": None,
        "line_1": "Siân ŵ",
        "line_2": "1 Stryd Fawr",
        **{f"line_{number}": None for number in range(3, 7)},
        "postcode": "CF10 1AA",
        "type": "letter",
        "status": "accepted",
        "template": {
            "id": template_id,
            "version": 1,
            "uri": f"http://notify.test/v2/template/{template_id}/version/1",
        },
        "body": "Dear Grace,\n\n* rising",
        "subject": "About Grace",
        "created_by_name": None,
        "sent_at": None,
        "completed_at": None,
        "scheduled_for": None,
        "postage": "first",
        "one_click_unsubscribe_url": None,
        "is_cost_data_ready": True,
        "cost_in_pounds": 1.33,
        "cost_details": {"billable_sheets_of_paper": 1, "postage": "first"},
    }
    assert after["estimated_delivery"] > after["created_at"]


def test_an_upload_is_checked_and_read(notify, upload, read, pdf, service):
    sent = upload(postage="economy")
    identity = sent.json["id"]
    assert (sent.status_code, sent.json) == (201, {"id": identity, "reference": "case 2", "postage": "economy"})
    before = read(identity)
    assert (before["status"], before["line_1"], before["postcode"]) == ("pending-virus-check", PROVIDED_AS_PDF, None)
    assert (before["subject"], before["body"]) == ("Pre-compiled PDF", "")

    notify.drain()

    after = read(identity)
    assert (after["status"], after["line_1"], after["postcode"]) == ("accepted", "Grace Hopper", "SW1A 1AA")
    assert after["template"]["id"] == str(id_of_upload_template(service.id))
    assert pdf(identity).data.startswith(b"%PDF")


def test_the_template_of_uploads_is_read_by_its_id_and_nowhere_listed(notify, upload, service, key):
    upload()
    hidden = notify.get(f"/v2/template/{id_of_upload_template(service.id)}", key)
    assert (hidden.status_code, hidden.json["name"], hidden.json["body"]) == (200, "Pre-compiled PDF", "")
    assert notify.get("/v2/templates", key).json == {"templates": []}


def test_an_upload_that_cannot_be_printed_can_be_looked_at(notify, upload, read, pdf):
    identity = upload(an_upload(pages=11)).json["id"]
    notify.drain()
    assert read(identity)["status"] == "validation-failed"
    assert pdf(identity).data.startswith(b"%PDF")


def test_a_test_key_sends_nothing(notify, service, either, read, pdf):
    test = notify.key(service, key_type=KeyType.TEST)
    identity = either(by=test).json["id"]
    notify.drain()
    assert read(identity, test)["status"] == "received"
    assert read(identity, test)["cost_in_pounds"] == 0
    assert pdf(identity, test).data.startswith(b"%PDF")


def test_with_a_key_a_letter_is_sent_once(notify, either):
    first, again = (either(headers={"Idempotency-Key": "a"}) for _ in range(2))
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert stored(notify) == 1


LINES = {
    "UK": ("A\nB\nSW1A 1AA", ["A", "B", None, None, None, None], "SW1A 1AA"),
    "seven lines": ("A\nB\nC\nD\nE\nF\nSW1A 1AA", ["A", "B", "C", "D", "E", "F"], "SW1A 1AA"),
    "abroad": ("A\nB\nFrance", ["A", "B", "France", None, None, None], None),
    "abroad with six lines": ("A\nB\nC\nD\nE\nFrance", ["A", "B", "C", "D", "E", "France"], None),
    "abroad with seven lines": ("A\nB\nC\nD\nE\nF\nFrance", ["A", "B", "C", "D", "E", "F"], "France"),
}


@pytest.mark.parametrize("case", LINES)
def test_the_lines_of_an_address(kept_letter, read, case):
    to, lines, postcode = LINES[case]
    shown = read(kept_letter(to=to, personalisation={"name": "Grace"}).id)
    assert [shown[f"line_{number}"] for number in range(1, 7)] == lines
    assert shown["postcode"] == postcode


def test_a_page_has_messages_of_every_kind(notify, service, key, template, kept_letter):
    text = notify.template(service)
    made = []
    for second in range(300):
        facts = {"created_at": NOON + timedelta(seconds=second), "reference": "many"}
        if second % 3:
            one = a_notification(service_id=service.id, template_id=text.id, **facts)
            with notify.container.work()() as work:
                work.notifications.add_many([one])
                work.commit()
        else:
            one = kept_letter(**facts)
        made.insert(0, str(one.id))

    def page(url):
        return notify.get(url.removeprefix("http://notify.test"), key).json

    first = page("/v2/notifications?reference=many")
    second = page(first["links"]["next"])
    assert [one["id"] for one in (*first["notifications"], *second["notifications"])] == made
    assert len(first["notifications"]) == 250
    assert page(second["links"]["next"])["notifications"] == []
    only = page("/v2/notifications?template_type=letter&status=accepted")
    assert {one["type"] for one in only["notifications"]} == {"letter"}
    assert len(only["notifications"]) == 100


def test_messages_of_csv_uploads_are_listed_where_they_are_asked_for(notify, key, kept_letter):
    mine, uploaded = kept_letter(), kept_letter(job_id=uuid4(), job_row=0)

    def listed(query=""):
        return {one["id"] for one in notify.get(f"/v2/notifications{query}", key).json["notifications"]}

    assert listed() == {str(mine.id)}
    assert listed("?include_jobs=true") == {str(mine.id), str(uploaded.id)}


PDFS = {
    "virus-scan-failed": ("BadRequestError", "File did not pass the virus scan"),
    "technical-failure": ("BadRequestError", "PDF not available for letters in status technical-failure"),
    "pending-virus-check": ("PDFNotReadyError", "PDF not available yet, try again later"),
    "created": ("PDFNotReadyError", "PDF not available yet, try again later"),
}


@pytest.mark.parametrize("status", PDFS)
def test_letters_without_a_pdf(kept_letter, pdf, errors_of, status):
    kind, message = PDFS[status]
    assert errors_of(pdf(kept_letter(status=LetterStatus(status)).id), 400, kind) == [message]


def test_what_is_no_letter_has_no_pdf(notify, service, key, pdf, errors_of):
    body = {"phone_number": "07700900123", "template_id": str(notify.template(service, "Hello").id)}
    text = notify.post("/v2/notifications/sms", body, key).json["id"]
    assert errors_of(pdf(text), 400, "BadRequestError") == ["Notification is not a letter"]
    assert errors_of(pdf(uuid4()), 404, "NoResultFound") == ["No result found"]
    assert errors_of(pdf("x"), 400, "ValidationError") == ["notification_id is not a valid UUID"]


def test_a_letter_is_cancelled_and_never_printed(notify, key, either, read):
    identity = either().json["id"]
    answer = notify.post(f"/v2/notifications/{identity}/cancel", {}, key)
    assert (answer.status_code, answer.json["status"]) == (200, "cancelled")
    assert read(identity) == answer.json
    assert notify.drain() == 0


def test_after_its_print_run_closed_a_letter_is_not_cancelled(notify, key, kept_letter, errors_of):
    letter = kept_letter(created_at=NOON)
    answer = notify.post(f"/v2/notifications/{letter.id}/cancel", {}, key)
    said = "Notification cannot be cancelled: its print run closed at 2026-01-05T17:30:00.000000Z"
    assert errors_of(answer, 400, "BadRequestError") == [said]


def test_an_admin_application_cancels_letters(notify, service, send):
    identity = send().json["id"]
    path = f"/service/{service.id}/notifications/{identity}/cancel"
    answer = notify.admin("POST", path)
    assert (answer.status_code, answer.json["id"], answer.json["status"]) == (200, identity, "cancelled")
    again = notify.admin("POST", path)
    assert (again.status_code, again.json) == (
        400,
        {"result": "error", "message": "Notification cannot be cancelled: it is cancelled"},
    )
    elsewhere = notify.admin("POST", f"/service/{uuid4()}/notifications/{identity}/cancel")
    assert elsewhere.status_code == 404


def test_the_preview_of_a_letter(notify, key, template):
    answer = notify.post(f"/v2/template/{template.id}/preview", {"personalisation": {"name": "Grace"}}, key)
    assert answer.status_code == 200
    assert answer.json == {
        "id": str(template.id),
        "type": "letter",
        "version": 1,
        "body": "Dear Grace,\n\n* rising",
        "subject": "About Grace",
        "postage": "first",
    }


def test_an_upload_of_ten_megabytes_is_too_large(notify, upload, errors_of):
    answer = upload(b"%PDF-1.7" + bytes(8 * 1024 * 1024))
    assert answer.status_code == 413
    assert upload(b"%PDF-1.7" + bytes(7 * 1024 * 1024)).status_code == 201

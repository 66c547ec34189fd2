"""Files by email, from the request to the page that hands them over."""

import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
import sqlalchemy as sa
from notifications_python_client import prepare_upload

from notify_adapters.storage.sql.schema import documents
from notify_core.documents.tasks import DeleteExpiredDocuments
from notify_core.testing.fakes.virus_scanner import EICAR

EMAIL = "/v2/notifications/email"
ROOT = "http://notify.test"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 8


class Sender:
    """A service whose emails carry a link."""

    def __init__(self, notify, **changes):
        given = {"name": "Flood warnings & <b>more</b>", "contact_link": "https://floods.example/contact"}
        self.notify = notify
        self.service = notify.service(**(given | changes))
        self.key = notify.key(self.service)
        self.template = notify.email_template(self.service, "Your plan: ((link_to_file))", subject="Your plan")

    def send(self, upload, **changes):
        body = {"email_address": "Grace@Example.gov.uk", "template_id": str(self.template.id)}
        return self.notify.post(EMAIL, body | {"personalisation": {"link_to_file": upload}} | changes, self.key)

    def link(self, content=PDF, **how):
        """The path and query of the link in the email that was sent."""
        answer = self.send(prepare_upload(BytesIO(content), **how))
        assert answer.status_code == 201, answer.data
        link = answer.json["content"]["body"].removeprefix("Your plan: ")
        assert link.startswith(f"{ROOT}/d/{self.service.id}/")
        return link.removeprefix(ROOT)


@pytest.fixture
def sender(notify):
    return Sender(notify)


@pytest.fixture
def browse(notify):
    """A page, looked at as a browser does: ``browse(link)``, or with a form's fields."""

    def look(link, form=None, status=200):
        answer = notify.request("GET" if form is None else "POST", link, data=form)
        assert answer.status_code == status, answer.text
        return answer

    return look


def download_of(link):
    path, _, query = link.partition("?")
    return f"{path}/download?{query}"


def pass_in(page):
    return unescape(re.search(r'name="pass" value="([^"]*)"', page.text)[1])


def confirmed(browse, link, address="grace@example.gov.uk"):
    return pass_in(browse(link, {"email_address": address}))


def is_safe(page):
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]


def is_page(page, title):
    is_safe(page)
    assert page.mimetype == "text/html"
    assert f"<h1>{title}</h1>" in page.text
    assert '<html lang="en">' in page.text
    assert "<script" not in page.text
    return True


def kept(notify):
    with notify.container.engine().connect() as connection:
        return connection.execute(sa.select(documents)).mappings().all()


def files_in(notify):
    root = notify.data_dir / "documents"
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


def test_the_recipient_gets_the_file_byte_for_byte(sender, browse):
    link = sender.link(filename="Cynllun ŵyn.pdf", retention_period="4 weeks")
    page = browse(link)

    assert is_page(page, "Confirm your email address")
    assert "Flood warnings &amp; &lt;b&gt;more&lt;/b&gt;" in page.text
    assert "<b>more" not in page.text
    until = datetime.now(UTC) + timedelta(weeks=4)
    assert f"{until:%B %Y}" in page.text
    assert "2 KB" in page.text
    assert 'href="https://floods.example/contact"' in page.text
    assert "Cynllun" not in page.text

    offered = browse(link, {"email_address": " GRACE@example.gov.uk"})
    assert is_page(offered, "Download your file")
    assert "Cynllun ŵyn.pdf" in offered.text
    file = browse(download_of(link), {"pass": pass_in(offered)})
    assert file.data == PDF
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "UTF-8''Cynllun%20%C5%B5yn.pdf" in file.headers["Content-Disposition"]
    is_safe(file)


def test_the_message_carries_the_link(notify, sender):
    link = sender.link()
    notify.drain()
    (message,) = notify.email_network.messages()
    assert f"{ROOT}{link}" in message.content["plain"]
    assert f'href="{ROOT}{link}"' in message.content["html"]


def test_a_wrong_address_is_told_so_and_gets_nothing(sender, browse):
    link = sender.link()
    for address, says in (
        ("ada@example.gov.uk", "This is not the email address the file was sent to"),
        ('"><script>alert(1)</script>', "Enter an email address in the correct format"),
        ("", "Enter your email address"),
    ):
        page = browse(link, {"email_address": address}, status=400)
        assert is_page(page, "Confirm your email address")
        assert says in page.text
        assert "<title>Error: " in page.text
        assert 'aria-invalid="true"' in page.text
    for made_up in ({}, {"pass": ""}, {"pass": "9999999999.c2lnbmF0dXJl"}):
        page = browse(download_of(link), made_up, status=403)
        assert is_page(page, "Confirm your email address")
        assert f'action="../{link.rpartition("/")[2]}"' in page.text


def test_addresses_are_not_tried_out(sender, browse):
    link = sender.link()
    for number in range(10):
        browse(link, {"email_address": f"grace{number}@example.gov.uk"}, status=400)
    page = browse(link, {"email_address": "grace@example.gov.uk"}, status=429)
    assert is_page(page, "Too many tries")
    assert int(page.headers["Retry-After"]) > 0


def test_where_nobody_is_asked_a_button_is_enough(sender, browse):
    link = sender.link(b"a,b\r\n1,2\r\n", filename="figures.csv", confirm_email_before_download=False)
    page = browse(link)
    assert is_page(page, "Download your file")
    file = browse(download_of(link), {"pass": pass_in(page)})
    assert (file.data, file.mimetype) == (b"a,b\r\n1,2\r\n", "text/csv")
    assert file.headers["Content-Disposition"] == "attachment; filename=figures.csv"


def test_links_that_are_not_right(notify, sender, browse):
    link = sender.link()
    path, _, key = link.partition("?key=")
    for wrong in (
        path,
        f"{path}?key={key[:-1]}",
        f"{path}?key={'A' * 43}",
        path[:-1],
        f"/d/{sender.service.id}",
        "/d/x",
    ):
        assert is_page(browse(wrong, status=404), "There is no file here")
    elsewhere = notify.service()
    assert browse(link.replace(str(sender.service.id), str(elsewhere.id)), status=404)
    assert browse(f"{path}/download?key={key[:-1]}", {"pass": ""}, status=404)


def test_what_has_expired_is_gone_and_then_deleted(notify, sender, browse):
    link, lasting = sender.link(), sender.link()
    (over, _) = kept(notify)
    with notify.container.engine().begin() as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(sa.update(documents).where(documents.c.id == over["id"]).values(expires_at=past))
    for ask in (link, download_of(link)):
        page = browse(ask, {} if "download" in ask else None, status=410)
        assert is_page(page, "This file is no longer available")
    notify.drain()
    with notify.container.work()() as work:
        work.enqueue(DeleteExpiredDocuments())
        work.commit()
    notify.drain()
    assert len(kept(notify)) == len(files_in(notify)) == 1
    assert browse(link, status=404)
    assert browse(lasting)


def test_nothing_of_it_can_be_read_where_it_is_kept(notify, sender):
    secret = b"the secret of Grace Hopper " * 50
    link = sender.link(secret, filename="grace-hopper.txt")
    key = link.partition("?key=")[2]
    (file,) = files_in(notify)
    notify.container.engine().dispose()
    everything = b"".join(path.read_bytes() for path in notify.data_dir.glob("notify.db*"))
    for text in (b"Grace", b"secret of", b"grace-hopper", key.encode()):
        assert text not in file.read_bytes()
        assert text not in everything, text


def test_sent_again_under_the_same_key_it_is_one_file(notify, sender):
    upload = prepare_upload(BytesIO(PDF))
    answers = [
        sender.notify.post(
            EMAIL,
            {
                "email_address": "grace@example.gov.uk",
                "template_id": str(sender.template.id),
                "personalisation": {"link_to_file": upload},
            },
            sender.key,
            headers={"Idempotency-Key": "one"},
        )
        for _ in range(2)
    ]
    assert answers[0].json == answers[1].json
    assert len(kept(notify)) == 1


def test_a_service_that_has_not_been_set_up(notify, errors_of):
    sender = Sender(notify, contact_link=None)
    (said,) = errors_of(sender.send(prepare_upload(BytesIO(PDF))), 400, "BadRequestError")
    assert said == (
        "Send files by email has not been set up - add contact details for your service at "
        f"http://localhost:6012/services/{sender.service.id}/service-settings/send-files-by-email"
    )


def test_what_is_refused(notify, sender, errors_of):
    text = notify.template(sender.service, "At ((link))")
    body = {"phone_number": "07700 900123", "template_id": str(text.id), "personalisation": {"link": {"file": "YQ=="}}}
    sms = notify.post("/v2/notifications/sms", body, sender.key)
    assert errors_of(sms, 400, "BadRequestError") == ["Can only send a file by email"]
    for upload, said in (
        ({"file": b64encode(b"MZ\x90\0").decode()}, "Unsupported file type 'application/octet-stream'."),
        ({"file": b64encode(PDF).decode(), "filename": "plan.exe"}, "Unsupported file type '.exe'."),
        ({"file": b64encode(bytes(2 * 1024 * 1024 + 1)).decode()}, "File is larger than 2MB"),
        ({"file": "%"}, "Document is not base64 encoded"),
    ):
        (found,) = errors_of(sender.send(upload), 400, "BadRequestError")
        assert found.startswith(said)
    (unknown,) = errors_of(sender.send({"file": "YQ==", "name": "x"}), 400, "ValidationError")
    assert unknown == "Additional properties are not allowed (name was unexpected)"
    assert (kept(notify), files_in(notify)) == ([], [])


def test_contacts_of_other_kinds(notify, browse):
    address = Sender(notify, name="Floods", contact_link="floods@example.gov.uk")
    assert '<a href="mailto:floods@example.gov.uk">' in browse(address.link()).text
    telephone = Sender(notify, name="Floods", contact_link="0300 123 4567")
    assert "contact Floods: 0300 123 4567." in browse(telephone.link()).text
    hostile = Sender(notify, name="Floods", contact_link="javascript:alert(1)")
    assert 'href="javascript' not in browse(hostile.link()).text


def test_an_infected_file_goes_nowhere(make_notify, clamd_port, errors_of):
    variables = {"NOTIFY_VIRUS_SCANNER": "clamd", "NOTIFY_VIRUS_SCANNER_HOST": "127.0.0.1"}
    notify = make_notify(**variables, NOTIFY_VIRUS_SCANNER_PORT=str(clamd_port))
    sender = Sender(notify)
    answer = sender.send(prepare_upload(BytesIO(EICAR)))
    assert errors_of(answer, 400, "BadRequestError") == ["File did not pass the virus scan"]
    assert (kept(notify), files_in(notify), notify.rows()) == ([], [], [])
    assert sender.link()


def test_while_the_scanner_is_away_nobody_sends_files(make_notify, errors_of):
    variables = {"NOTIFY_VIRUS_SCANNER": "clamd", "NOTIFY_VIRUS_SCANNER_HOST": "127.0.0.1"}
    notify = make_notify(**variables, NOTIFY_VIRUS_SCANNER_PORT="1")
    sender = Sender(notify)
    answer = sender.send(prepare_upload(BytesIO(PDF)))
    assert errors_of(answer, 503)
    assert answer.headers["Retry-After"] == "30"
    assert (kept(notify), files_in(notify), notify.rows()) == ([], [], [])
    assert sender.send("no file at all").status_code == 201


def test_a_store_that_is_away_is_a_page_that_says_so(notify, sender, browse):
    link = sender.link()
    shown = confirmed(browse, link)
    root = notify.data_dir / "documents"
    root.rename(root.with_name("away"))
    root.symlink_to(root)
    assert is_page(browse(download_of(link), {"pass": shown}, status=503), "Sorry, there is a problem")


def test_the_log_knows_no_key(notify, sender, browse, caplog):
    with caplog.at_level("DEBUG"):
        link = sender.link()
        confirmed(browse, link)
    key = link.partition("?key=")[2]
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "/d/<uuid:service_id>/<uuid:document_id>" in logged
    for text in (key, "grace@example", "Grace@"):
        assert text not in logged

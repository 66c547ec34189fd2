"""Letters that come as PDFs, from the request to what is printed, with a real virus scanner."""

import base64
from io import BytesIO

import pikepdf
import pytest

from notify_core.accounts.model import KeyType, Permission
from notify_core.letters.model import Bucket
from notify_core.letters.policies import Flaw
from notify_core.testing.fakes.virus_scanner import EICAR
from tests.integration.uploads import a_pdf, an_upload

LETTER = "/v2/notifications/letter"


class Sender:
    def __init__(self, notify, key_type=KeyType.NORMAL, permissions=frozenset({Permission.LETTER})):
        self.notify = notify
        self.service = notify.service(permissions=permissions)
        self.key = notify.key(self.service, key_type=key_type)

    def upload(self, pdf, **more):
        """The letter's id, when everything has been done that is to be done."""
        body = {"reference": "case 7", "content": base64.b64encode(pdf).decode(), **more}
        answer = self.notify.post(LETTER, body, self.key)
        assert answer.status_code == 201, answer.data
        letter_id = answer.json["id"]
        assert self.status(letter_id) == "pending-virus-check"
        self.notify.drain()
        return letter_id

    def read(self, letter_id):
        return self.notify.get(f"/v2/notifications/{letter_id}", self.key).json

    def status(self, letter_id):
        return self.read(letter_id)["status"]

    def pdf(self, letter_id):
        return self.notify.get(f"/v2/notifications/{letter_id}/pdf", self.key)

    def files(self):
        store = self.notify.container.letter_store()
        return {bucket: keys for bucket in Bucket if (keys := [found.key for found in store.listing(bucket)])}


@pytest.fixture
def notify(make_notify, clamd_port):
    variables = {"NOTIFY_VIRUS_SCANNER": "clamd", "NOTIFY_VIRUS_SCANNER_HOST": "127.0.0.1"}
    return make_notify(**variables, NOTIFY_VIRUS_SCANNER_PORT=str(clamd_port))


@pytest.fixture
def sender(notify):
    return Sender(notify)


def test_a_letter_that_passes_is_accepted_and_can_be_looked_at(sender):
    letter_id = sender.upload(an_upload(2), postage="first")
    letter = sender.read(letter_id)
    assert (letter["status"], letter["postage"], letter["line_1"]) == ("accepted", "first", "Grace Hopper")
    shown = sender.pdf(letter_id)
    assert shown.mimetype == "application/pdf"
    with pikepdf.open(BytesIO(shown.data)) as opened:
        assert len(opened.pages) == 2
    ((bucket, [key]),) = sender.files().items()
    assert bucket is Bucket.PDF
    assert ".D.1.C." in key


def test_one_of_a_test_key_is_received_at_once(notify):
    sender = Sender(notify, KeyType.TEST)
    letter_id = sender.upload(an_upload())
    assert sender.status(letter_id) == "received"
    assert list(sender.files()) == [Bucket.TEST]


def test_one_to_another_country_goes_by_its_post(notify):
    sender = Sender(notify, permissions=frozenset({Permission.LETTER, Permission.INTERNATIONAL_LETTERS}))
    letter_id = sender.upload(an_upload(address=("Marie Curie", "1 rue de la Paix", "75002 Paris", "France")))
    assert (sender.status(letter_id), sender.read(letter_id)["postage"]) == ("accepted", "europe")


@pytest.mark.parametrize(
    "pdf",
    [
        an_upload(11),
        an_upload(flaw=Flaw.PASSWORD),
        an_upload(address=()),
        an_upload(address=("Marie Curie", "1 rue de la Paix", "75002 Paris", "France")),
    ],
    ids=["too long", "password", "no address", "abroad"],
)
def test_one_that_cannot_be_printed_fails(sender, pdf):
    letter_id = sender.upload(pdf)
    assert sender.status(letter_id) == "validation-failed"
    assert list(sender.files()) == [Bucket.INVALID]


def test_one_with_a_virus_is_shown_to_nobody(sender, errors_of):
    letter_id = sender.upload(a_pdf() + EICAR)
    assert sender.status(letter_id) == "virus-scan-failed"
    assert errors_of(sender.pdf(letter_id), 400) == ["File did not pass the virus scan"]
    ((bucket, [key]),) = sender.files().items()
    assert bucket is Bucket.SCAN
    assert key.startswith("FAILURE/NOTIFY.")


def test_while_the_scanner_is_away_letters_are_accepted_and_wait(make_notify):
    variables = {"NOTIFY_VIRUS_SCANNER": "clamd", "NOTIFY_VIRUS_SCANNER_HOST": "127.0.0.1"}
    sender = Sender(make_notify("away", **variables, NOTIFY_VIRUS_SCANNER_PORT="1"))
    letter_id = sender.upload(an_upload())
    assert sender.status(letter_id) == "pending-virus-check"
    (row,) = sender.notify.rows()
    assert (row.task, row.queue, row.attempt) == ("scan-file", "retry-tasks", 1)


def test_the_same_on_postgresql(make_notify, clamd_port, postgresql_server, postgresql_template):
    variables = {"NOTIFY_VIRUS_SCANNER": "clamd", "NOTIFY_VIRUS_SCANNER_HOST": "127.0.0.1"}
    with postgresql_server.database(postgresql_template) as url:
        notify = make_notify(
            "postgresql", **variables, NOTIFY_VIRUS_SCANNER_PORT=str(clamd_port), NOTIFY_DATABASE_URL=url
        )
        sender = Sender(notify)
        uploads = [an_upload(), an_upload(11), a_pdf() + EICAR]
        statuses = [sender.status(sender.upload(pdf)) for pdf in uploads]
        notify.container.wake().close()
        notify.container.engine().dispose()
    assert statuses == ["accepted", "validation-failed", "virus-scan-failed"]

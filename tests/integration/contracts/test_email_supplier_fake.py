import json
import stat
from threading import Event

import pytest

from notify_adapters.email.fake import FakeEmailStore, build, build_network, build_receipts
from notify_adapters.email.fake_certificate import FakeCertificate
from notify_core.notifications.model import ComplaintReport, Outcome
from notify_core.notifications.ports import OutgoingEmail, ReceiptForged, ReceiptRequest
from notify_core.testing.contracts.email_supplier import EmailSupplierContract
from notify_core.testing.contracts.receipt_translator import ReceiptTranslatorContract


def email(reference="reference-1", recipient="anna@example.com"):
    return OutgoingEmail(reference, recipient, "Hello", "Hi", "<p>Hi</p>", '"Service" <service@notify.localhost>')


class FakeEnd:
    def __init__(self, store):
        self.store = store

    def make_it_fail(self):
        self.store.rescript(fail_next=1000)

    def make_it_refuse(self):
        self.store.rescript(refuse_next=1000)

    def make_it_work(self):
        self.store.rescript(fail_next=0, refuse_next=0)

    def emails(self):
        return [OutgoingEmail(**one.content) for one in self.store.messages()]


@pytest.fixture
def store(tmp_path):
    store = FakeEmailStore(tmp_path)
    yield store
    store.close()


@pytest.fixture
def options(tmp_path, loopback):
    return {"data_dir": str(tmp_path), "api_base_url": loopback.url, "receipt_delay": "0.001"}


def receipts_of(options, store, loopback):
    """What arrives after everything due was delivered."""
    network = build_network(options)
    for _ in range(200):
        network.deliver_due_receipts()
        if not store.receipts(pending=True):
            break
        Event().wait(0.01)
    assert all(path == "/notifications/email/ses" for path, _, _ in loopback.arrived)
    return [ReceiptRequest(body, headers) for _, headers, body in loopback.arrived]


class TestFake(EmailSupplierContract):
    @pytest.fixture
    def supplier(self, options):
        return build(options)

    @pytest.fixture
    def other_end(self, store):
        return FakeEnd(store)

    def test_gives_ids_of_its_own_as_amazon_does(self, supplier):
        assert supplier.name == "ses"
        assert supplier.send(email()) != "reference-1"


class TestReceipts(ReceiptTranslatorContract):
    @pytest.fixture
    def translator(self, options):
        return build_receipts(options)

    @pytest.fixture(autouse=True)
    def parts(self, options, store, loopback):
        self.options, self.store, self.loopback = options, store, loopback

    def genuine(self, translator, reference, outcome):
        self.store.rescript(outcomes={"example.com": outcome.value})
        self.loopback.arrived.clear()
        self.store.accept(f"{reference}/{outcome}", "anna@example.com", {}, reference)
        (request,) = receipts_of(self.options, self.store, self.loopback)
        return request

    def forged(self, translator):
        genuine = self.genuine(translator, "reference-1", Outcome.PERMANENT)
        return ReceiptRequest(genuine.body.replace(b"reference-1", b"reference-2"), {})

    def test_without_a_signature(self, translator):
        document = json.loads(self.genuine(translator, "reference-1", Outcome.DELIVERED).body)
        for missing in ("Signature", "SignatureVersion", "SigningCertURL"):
            body = json.dumps({name: value for name, value in document.items() if name != missing})
            with pytest.raises(ReceiptForged):
                translator.translate(ReceiptRequest(body.encode(), {}))

    def test_signed_by_another_fake(self, translator, tmp_path, options):
        elsewhere = build_receipts({**options, "data_dir": str(tmp_path / "elsewhere")})
        with pytest.raises(ReceiptForged):
            elsewhere.translate(self.genuine(translator, "reference-1", Outcome.DELIVERED))

    def test_a_bounce_says_of_which_kind_but_not_to_whom(self, translator):
        (receipt,) = translator.translate(self.genuine(translator, "reference-1", Outcome.PERMANENT))
        assert receipt.detail == "Permanent/General"


def test_the_receipt_names_the_message_by_the_suppliers_id(options, store, loopback):
    answers = {
        outcome: build(options).send(email(outcome, recipient))
        for outcome, recipient in (
            ("delivered", "anna@example.com"),
            ("permanent", "perm-fail@simulator.notify"),
            ("temporary", "temp-fail@simulator.notify"),
        )
    }
    translator = build_receipts(options)
    receipts = [receipt for one in receipts_of(options, store, loopback) for receipt in translator.translate(one)]
    assert {receipt.outcome: receipt.reference for receipt in receipts} == answers


def test_a_complaint_is_no_delivery_report(options, store, loopback):
    store.rescript(outcomes={"@example.com": "complaint"})
    reference = build(options).send(email())
    (request,) = receipts_of(options, store, loopback)
    (complaint,) = build_receipts(options).translate(request)
    assert isinstance(complaint, ComplaintReport)
    assert (complaint.reference, complaint.complained_at is None) == (reference, False)


def test_the_key_is_made_once_and_nobody_elses_to_read(tmp_path):
    first, second = FakeCertificate(tmp_path), FakeCertificate(tmp_path)
    assert first.public_key() == second.public_key()
    (file,) = (tmp_path / "fakes").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

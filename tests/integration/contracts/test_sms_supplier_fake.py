import json
import os
import signal
import subprocess
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from urllib.parse import parse_qs

import pytest

from notify_adapters.options import BadOption
from notify_adapters.sms import firetext, mmg
from notify_adapters.sms.fake import FakeSmsStore, build, build_inbound, build_network
from notify_core.inbound.ports import InboundRequest
from notify_core.kernel.errors import TransientError
from notify_core.notifications.ports import OutgoingSms, ReceiptRequest, SupplierRefused
from notify_core.testing.contracts.inbound_translator import InboundTranslatorContract
from notify_core.testing.contracts.sms_supplier import SmsSupplierContract


def text(reference="reference-1", recipient="+447700900123"):
    return OutgoingSms(reference, recipient, "Hello", "GOVUK")


class FakeEnd:
    def __init__(self, store):
        self.store = store

    def make_it_fail(self):
        self.store.rescript(fail_next=1000)

    def make_it_refuse(self):
        self.store.rescript(refuse_next=1000)

    def make_it_work(self):
        self.store.rescript(fail_next=0, refuse_next=0)

    def texts(self):
        return [(one.recipient, one.content["sender"], one.content["content"]) for one in self.store.messages()]


@pytest.fixture
def store(tmp_path):
    store = FakeSmsStore(tmp_path)
    yield store
    store.close()


@pytest.fixture
def options(tmp_path, loopback):
    return {"data_dir": str(tmp_path), "api_base_url": loopback.url, "receipt_delay": "0.001"}


@pytest.fixture(params=["mmg", "firetext"])
def dialect(request):
    return request.param


def in_another_process(code, tmp_path, **how):
    start = "import sys; from notify_adapters.sms.fake import *; store = FakeSmsStore(sys.argv[1])\n"
    command = [sys.executable, "-c", start + code, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, **how)


class TestFake(SmsSupplierContract):
    @pytest.fixture
    def supplier(self, options):
        return build(options)

    @pytest.fixture
    def other_end(self, store):
        return FakeEnd(store)

    def test_stands_in_for_a_real_supplier_by_name(self, options, dialect):
        assert build({**options, "dialect": dialect}).name == dialect

    def test_counts_repeats(self, supplier, store):
        for _ in range(3):
            supplier.send(text())
        assert (store.count(), store.repeats()) == (1, 2)
        assert store.message("reference-1").repeats == 2
        assert store.message("another") is None

    def test_an_answer_that_gets_lost_leaves_the_message_taken(self, supplier, store):
        store.rescript(lose_next=1)
        with pytest.raises(TransientError):
            supplier.send(text())
        assert supplier.send(text()) == "reference-1"
        assert (store.count(), store.repeats()) == (1, 1)

    def test_fails_as_often_as_it_was_told(self, supplier, store):
        store.rescript(fail_next=2)
        for _ in range(2):
            with pytest.raises(TransientError):
                supplier.send(text())
        supplier.send(text())
        assert store.script().fail_next == 0

    def test_a_recipient_can_be_refused(self, supplier, store):
        store.rescript(outcomes={"900999": "refused"})
        with pytest.raises(SupplierRefused):
            supplier.send(text(recipient="+447700900999"))
        supplier.send(text("other"))

    def test_nonsense_is_not_scripted(self, store):
        with pytest.raises(ValueError, match="exploded"):
            store.rescript(outcomes={"1": "exploded"})
        with pytest.raises(TypeError):
            store.rescript(colour="red")

    def test_many_threads(self, supplier, store):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: supplier.send(text(f"reference-{n % 50}")), range(200)))
        assert (store.count(), store.repeats()) == (50, 150)


def test_an_unknown_dialect_is_refused(options):
    with pytest.raises(BadOption, match="dialect"):
        build({**options, "dialect": "welsh"})


def test_another_process_scripts_it_and_sees_what_it_took(options, store, tmp_path):
    supplier = build(options)
    supplier.send(text())
    other = in_another_process("print(store.count()); store.rescript(fail_next=1)", tmp_path)
    assert other.communicate(timeout=30)[0] == "1\n"
    with pytest.raises(TransientError):
        supplier.send(text("reference-2"))


def test_what_was_taken_survives_the_process_being_killed(options, store, tmp_path):
    code = """
from notify_core.notifications.ports import OutgoingSms
supplier = FakeSmsSupplier(store)
for n in range(1000000):
    print(supplier.send(OutgoingSms(f"reference-{n}", "+447700900123", "Hello", "GOVUK")), flush=True)
"""
    other = in_another_process(code, tmp_path)
    taken = [other.stdout.readline().strip() for _ in range(100)]
    other.send_signal(signal.SIGKILL)
    other.wait(timeout=30)
    other.stdout.close()
    for reference in taken:
        assert store.message(reference) is not None
    assert len(store.receipts()) == store.count()
    assert build(options).send(text("reference-0")) == "reference-0"
    assert store.message("reference-0").repeats == 1


# Receipts


def read(dialect, arrived):
    translator = {"mmg": mmg, "firetext": firetext}[dialect].build_receipts({})
    receipts = []
    for path, headers, body in arrived:
        assert path == f"/notifications/sms/{dialect}"
        receipts += [(one.reference, one.outcome) for one in translator.translate(ReceiptRequest(body, headers))]
    return receipts


def deliver_all(network, store, rounds=200):
    for _ in range(rounds):
        network.deliver_due_receipts()
        if not store.receipts(pending=True):
            return
        Event().wait(0.01)
    raise AssertionError(f"still waiting: {store.receipts(pending=True)}")


def test_receipts_come_in_the_suppliers_words(options, store, loopback, dialect):
    options["dialect"] = dialect
    supplier, network = build(options), build_network(options)
    supplier.send(text("good"))
    supplier.send(text("permanent", "+447700900002"))
    supplier.send(text("temporary", "+447700900003"))
    deliver_all(network, store)
    assert sorted(read(dialect, loopback.arrived)) == [
        ("good", "delivered"),
        ("permanent", "permanent"),
        ("temporary", "temporary"),
    ]
    assert len(loopback.connections) == 1


def test_outcomes_can_be_scripted_by_number_also_several_in_a_row(options, store, loopback):
    options["dialect"] = "firetext"
    supplier, network = build(options), build_network(options)
    store.rescript(outcomes={"900123": "pending,permanent-undetailed", "900124": "none", "900125": "unknown"})
    supplier.send(text("a", "+447700900123"))
    supplier.send(text("b", "+447700900124"))
    supplier.send(text("c", "+447700900125"))
    deliver_all(network, store)
    receipts = read("firetext", loopback.arrived)
    assert [outcome for reference, outcome in receipts if reference == "a"] == ["pending", "permanent-undetailed"]
    assert [outcome for reference, outcome in receipts if reference == "b"] == []
    assert [outcome for reference, outcome in receipts if reference == "c"] == ["unknown"]


def test_a_repeated_message_has_one_receipt(options, store, loopback):
    supplier, network = build(options), build_network(options)
    supplier.send(text())
    supplier.send(text())
    deliver_all(network, store)
    assert len(loopback.arrived) == 1


def test_no_receipts_when_told_so_and_none_too_early(options, store, loopback):
    supplier, network = build(options), build_network(options)
    store.rescript(receipts=False)
    supplier.send(text("never"))
    store.rescript(receipts=True, receipt_delay=60)
    supplier.send(text("later"))
    assert network.deliver_due_receipts() == 0
    assert [receipt.answer for receipt in store.receipts(pending=True)] == ["later"]


@pytest.mark.parametrize("status", [500, 400, 429])
def test_a_receipt_comes_again_until_it_is_taken(options, store, loopback, status):
    supplier, network = build(options), build_network(options)
    supplier.send(text())
    loopback.answer_with(status)
    while not loopback.arrived:
        assert network.deliver_due_receipts() == 0
    assert network.deliver_due_receipts() == 0
    loopback.answer_with(204)
    deliver_all(network, store)
    assert len(loopback.arrived) == 2
    assert store.receipts()[0].delivered_at is not None


def test_receipts_wait_while_the_platform_is_down(options, store, loopback):
    supplier = build(options)
    down = build_network({**options, "api_base_url": "http://127.0.0.1:1"})
    for number in range(5):
        supplier.send(text(f"reference-{number}"))
    Event().wait(0.01)
    assert down.deliver_due_receipts() == 0
    deliver_all(build_network(options), store)
    assert len(loopback.arrived) == 5


def test_a_thread_delivers_until_it_is_stopped(options, store, loopback):
    supplier, network, stop = build(options), build_network(options), Event()
    thread = Thread(target=network.run, args=(stop,), kwargs={"idle": 0.005})
    thread.start()
    supplier.send(text())
    for _ in range(1000):
        if store.receipts() and not store.receipts(pending=True):
            break
        stop.wait(0.005)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert json.loads(loopback.arrived[0][2])["CID"] == "reference-1"


def test_form_receipts_name_the_recipient_as_the_supplier_does(options, store, loopback):
    options["dialect"] = "firetext"
    build(options).send(text())
    deliver_all(build_network(options), store)
    assert parse_qs(loopback.arrived[0][2].decode())["mobile"] == ["447700900123"]


class TestFakeInbound(InboundTranslatorContract):
    @pytest.fixture
    def translator(self):
        return build_inbound({"inbound_password": "word"})

    def genuine(self, translator, source, destination, content):
        document = {"source": source, "destination": destination, "content": content, "reference": "7"}
        header = f"Basic {b64encode(b'fake:word').decode()}"
        return InboundRequest(json.dumps(document).encode(), {"authorization": header})

"""What requests are told of services, keys, templates and senders, while another process changes them."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from notify_adapters.storage.sql.recent import LONGEST, Recent
from notify_adapters.storage.sql.recent_reading import RecentStorage
from notify_core.kernel.errors import NotFound
from notify_core.letters.model import LetterRate, Postage
from notify_core.notifications.model import SmsRate
from notify_core.testing.builders import a_reply_to, a_service, a_template, an_api_key, an_sms_sender
from notify_core.testing.fakes.clock import NOON, FakeClock


class Processes:
    """Ours, and another one on the same database."""

    def __init__(self, storage):
        self.clock = FakeClock()
        self.ours, self.theirs = storage.work(), storage.work()
        self.ours.recent = Recent(self.clock.monotonic)
        self.recent = RecentStorage(self.ours)

    def let_pass(self):
        self.clock.advance(LONGEST)


def put(storage, *things):
    with storage() as work:
        stores = {
            "Service": work.services.put,
            "ApiKey": work.api_keys.put,
            "Template": work.templates.put,
            "SmsSender": work.senders.put_sms_sender,
            "ReplyTo": work.senders.put_reply_to,
            "SmsRate": work.sms_rates.put,
            "LetterRate": work.letter_rates.put,
        }
        for thing in things:
            stores[type(thing).__name__](thing)
        work.commit()


@pytest.fixture(params=["sqlite", "postgresql"])
def processes(request):
    return Processes(request.getfixturevalue(f"{request.param}_storage"))


SERVICE = a_service()
TEMPLATE = a_template(service_id=SERVICE.id)
KEY = an_api_key(service_id=SERVICE.id)
SENDER = an_sms_sender(service_id=SERVICE.id, is_default=True)
REPLY_TO = a_reply_to(service_id=SERVICE.id, is_default=True)
SMS_RATE = SmsRate(NOON, Decimal("0.02"))
LETTER_RATE = LetterRate(NOON, 1, Postage.FIRST, Decimal("1.33"))

CHANGES = {
    "service": (SERVICE, replace(SERVICE, name="Renamed"), lambda work: work.services.get(SERVICE.id)),
    "key": (KEY, replace(KEY, revoked_at=NOON), lambda work: work.api_keys.of_service(SERVICE.id)[0]),
    "template": (
        TEMPLATE,
        replace(TEMPLATE, version=2, content="Better"),
        lambda work: work.templates.get(SERVICE.id, TEMPLATE.id),
    ),
    "sms sender": (
        SENDER,
        replace(SENDER, sms_sender="NEW"),
        lambda work: work.senders.sms_sender(SERVICE.id, SENDER.id),
    ),
    "default sms sender": (
        SENDER,
        replace(SENDER, sms_sender="NEW"),
        lambda work: work.senders.default_sms_sender(SERVICE.id),
    ),
    "reply-to": (
        REPLY_TO,
        replace(REPLY_TO, email_address="new@example.gov.uk"),
        lambda work: work.senders.reply_to(SERVICE.id, REPLY_TO.id),
    ),
    "default reply-to": (
        REPLY_TO,
        replace(REPLY_TO, email_address="new@example.gov.uk"),
        lambda work: work.senders.default_reply_to(SERVICE.id),
    ),
    "rate of texts": (SMS_RATE, replace(SMS_RATE, rate=Decimal("0.03")), lambda work: work.sms_rates.all()[0]),
    "rate of letters": (
        LETTER_RATE,
        replace(LETTER_RATE, rate=Decimal("1.50")),
        lambda work: work.letter_rates.all()[0],
    ),
}
every_change = pytest.mark.parametrize(("before", "after", "look"), CHANGES.values(), ids=CHANGES)


def seen(processes, look):
    with processes.recent(read_only=True) as work:
        return look(work)


@every_change
def test_what_another_process_changes_is_seen_after_two_seconds(processes, before, after, look):
    put(processes.theirs, before)
    assert seen(processes, look) == before
    put(processes.theirs, after)
    assert seen(processes, look) == before
    processes.let_pass()
    assert seen(processes, look) == after


@every_change
def test_what_this_process_changes_is_seen_at_once(processes, before, after, look):
    put(processes.theirs, before)
    assert seen(processes, look) == before
    put(processes.ours, after)
    assert seen(processes, look) == after


@every_change
def test_what_is_not_committed_is_not_seen(processes, before, after, look):
    put(processes.ours, before)
    with processes.ours() as work:
        work.services.put(replace(SERVICE, name="Never"))
    assert seen(processes, look) == before


def test_what_was_not_there_is_found_at_once(processes):
    for look in (lambda work: work.services.get(SERVICE.id), lambda work: work.templates.get(SERVICE.id, TEMPLATE.id)):
        with pytest.raises(NotFound):
            seen(processes, look)
    put(processes.theirs, SERVICE, TEMPLATE)
    assert seen(processes, lambda work: work.services.get(SERVICE.id)) == SERVICE
    assert seen(processes, lambda work: work.templates.get(SERVICE.id, TEMPLATE.id)) == TEMPLATE


def test_services_and_versions_are_told_apart(processes):
    other = replace(SERVICE, id=uuid4(), name="Other")
    second = replace(TEMPLATE, version=2, content="Better")
    put(processes.theirs, SERVICE, other, TEMPLATE, second)
    assert seen(processes, lambda work: work.services.get(other.id)) == other
    assert seen(processes, lambda work: work.services.get(SERVICE.id)) == SERVICE
    assert seen(processes, lambda work: work.templates.get(SERVICE.id, TEMPLATE.id, 1)) == TEMPLATE
    assert seen(processes, lambda work: work.templates.get(SERVICE.id, TEMPLATE.id, 2)) == second
    with pytest.raises(NotFound):
        seen(processes, lambda work: work.templates.get(other.id, TEMPLATE.id, 1))


def test_a_unit_that_writes_sees_what_is_true(processes):
    put(processes.theirs, SERVICE)
    assert seen(processes, lambda work: work.services.get(SERVICE.id)) == SERVICE
    renamed = replace(SERVICE, name="Renamed")
    put(processes.theirs, renamed)
    with processes.recent() as work:
        assert work.services.get(SERVICE.id) == renamed


def test_nothing_is_written_by_a_unit_that_reads(processes):
    with processes.recent(read_only=True) as work, pytest.raises(RuntimeError):
        work.services.put(SERVICE)


def test_what_this_process_removes_is_gone_at_once(processes):
    put(processes.theirs, SENDER)
    assert seen(processes, lambda work: work.senders.default_sms_sender(SERVICE.id)) == SENDER
    with processes.ours() as work:
        work.senders.remove_sms_sender(SERVICE.id, SENDER.id)
        work.commit()
    assert seen(processes, lambda work: work.senders.default_sms_sender(SERVICE.id)) is None

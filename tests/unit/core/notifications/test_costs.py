"""What messages cost, and when that is known."""

from datetime import timedelta
from decimal import Decimal

import pytest

from notify_core.accounts.model import Caller, Permission
from notify_core.letters.use_cases.reading import GetMessage, ListMessages, ListRequest
from notify_core.notifications.model import Channel, SmsBill, SmsRate
from notify_core.notifications.policies.costs import cost_of, multiplier_for, rate_at
from notify_core.notifications.states import Status
from notify_core.notifications.use_cases import AcceptSms, SmsRequest
from notify_core.testing.builders import NOON, a_notification, a_service, a_template, an_api_key

DAY = timedelta(days=1)
FIRST = SmsRate(NOON, Decimal("0.0233"), {"33": 2, "1": 1, "1242": 4})
SECOND = SmsRate(NOON + DAY, Decimal("0.1"))


def sent(**changes):
    return a_notification(**{"status": Status.SENDING, "billable_units": 3, "sent_at": NOON} | changes)


def test_a_text_costs_its_fragments_exactly():
    cost = cost_of(sent(rate_multiplier=2), [FIRST, SECOND])
    assert cost.pounds == Decimal("0.1398")
    assert cost.bill == SmsBill(3, 2, Decimal("0.0233"))


def test_tenths_of_pence_do_not_become_binary_fractions():
    assert cost_of(sent(created_at=SECOND.valid_from), [FIRST, SECOND]).pounds == Decimal("0.3")


@pytest.mark.parametrize(
    ("moment", "rate"),
    [
        (NOON - timedelta(microseconds=1), None),
        (NOON, FIRST),
        (NOON + DAY - timedelta(microseconds=1), FIRST),
        (NOON + DAY, SECOND),
        (NOON + 100 * DAY, SECOND),
    ],
)
def test_a_rate_holds_from_its_moment_until_the_next(moment, rate):
    assert rate_at(moment, [SECOND, FIRST]) is rate


def test_before_it_is_handed_over_nobody_knows_what_a_text_costs():
    assert cost_of(sent(status=Status.CREATED, billable_units=0), [FIRST]) is None


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.TECHNICAL_FAILURE])
def test_what_was_never_handed_over_costs_nothing(status):
    cost = cost_of(sent(status=status, billable_units=0, sent_at=None), [FIRST])
    assert (cost.pounds, cost.bill.fragments) == (0, 0)


def test_without_a_rate_nobody_knows_what_a_text_costs():
    assert cost_of(sent(), []) is None
    assert cost_of(sent(created_at=NOON - DAY), [FIRST]) is None


@pytest.mark.parametrize("status", [Status.CREATED, Status.DELIVERED])
def test_emails_are_free_and_need_no_rates(status):
    cost = cost_of(a_notification(channel=Channel.EMAIL, status=status), [])
    assert (cost.pounds, cost.bill) == (0, None)


@pytest.mark.parametrize(
    ("number", "multiplier"), [("+33612345678", 2), ("+12125550100", 1), ("+12425550100", 4), ("+4915112345678", 1)]
)
def test_abroad_the_longest_prefix_counts(number, multiplier):
    assert multiplier_for(number, NOON, [FIRST]) == multiplier


def test_without_rates_a_text_abroad_counts_once():
    assert multiplier_for("+33612345678", NOON - DAY, [FIRST]) == 1


def test_letters_are_not_charged_as_texts():
    assert cost_of(sent(channel=Channel.LETTER), [FIRST]) is None


@pytest.fixture
def caller(notify):
    service = a_service(permissions=frozenset({Permission.SMS, Permission.INTERNATIONAL_SMS}))
    key = an_api_key(service_id=service.id)
    notify.put(service, key)
    with notify.work() as work:
        work.sms_rates.put(FIRST)
        work.commit()
    return Caller(service, key)


@pytest.mark.parametrize(("number", "multiplier"), [("+33612345678", 2), ("07700900123", 1)])
def test_what_a_text_costs_is_read_with_it(notify, caller, number, multiplier):
    template = a_template(service_id=caller.service.id, content="Hello")
    notify.put(template)
    accepted = notify.use(AcceptSms)(caller, SmsRequest(number, template.id))
    assert notify.use(GetMessage)(caller, accepted.id).cost is None

    notify.run_until_idle()

    read = notify.use(GetMessage)(caller, accepted.id)
    assert read.cost.bill == SmsBill(1, multiplier, Decimal("0.0233"))
    (listed,) = notify.use(ListMessages)(caller, ListRequest()).messages
    assert listed.cost == read.cost

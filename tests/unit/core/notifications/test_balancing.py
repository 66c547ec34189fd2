from datetime import timedelta

import pytest

from notify_core.kernel.errors import InvalidValue, NotAllowed, TransientError
from notify_core.notifications.model import Channel
from notify_core.notifications.states import Status
from notify_core.notifications.tasks import DeliverSms, SwitchOnSlowDelivery, TendBackToRest
from notify_core.notifications.use_cases import (
    DeliverSmsNotification,
    ShareOutSms,
    ShowSmsSuppliers,
    SwitchOnSlowness,
    TendSuppliersBackToRest,
)
from notify_core.notifications.use_cases.balancing import Choice
from notify_core.testing.builders import NOON
from notify_core.testing.fakes.suppliers import MemorySmsSupplier
from notify_core.testing.fakes.unit_of_work import MemoryStorage

MINUTE = timedelta(minutes=1)


@pytest.fixture
def suppliers(platform):
    return {"mmg": platform.sms, "firetext": MemorySmsSupplier("firetext")}


@pytest.fixture
def deliver(platform, suppliers):
    return DeliverSmsNotification(
        platform.work,
        platform.work,
        platform.clock,
        platform.random,
        platform.metrics,
        suppliers,
        platform.deliver_sms().sending_rules,
    )


@pytest.fixture
def share_out(platform, suppliers):
    return ShareOutSms(platform.work, platform.clock, suppliers)


@pytest.fixture
def points(platform, suppliers):
    show = ShowSmsSuppliers(platform.work, suppliers)
    return lambda: {share.supplier: share.points for share in show().shares}


def send(platform, deliver, times=1):
    for _ in range(times):
        platform.run(deliver, DeliverSms(platform.given().id))


def fail(platform, deliver, supplier):
    """``supplier`` fails with a text, however long it takes until it gets one."""
    supplier.make_it_fail()
    for _ in range(100):
        task = DeliverSms(platform.given().id)
        claim = platform.claim(task)
        try:
            deliver(task, claim)
        except TransientError:
            supplier.make_it_work()
            return
    raise AssertionError("it never got a text")


def advance(platform, by):
    platform.clock.advance(by)
    platform.database.advance(by)


def test_texts_go_to_all_suppliers_about_as_often(platform, deliver, suppliers):
    send(platform, deliver, 200)
    assert len(suppliers["mmg"].messages) + len(suppliers["firetext"].messages) == 200
    assert 60 < len(suppliers["mmg"].messages) < 140


def test_texts_go_where_the_points_are(platform, deliver, suppliers, share_out):
    share_out.rest_at({"mmg": 10, "firetext": 90})
    send(platform, deliver, 200)
    assert 0 < len(suppliers["mmg"].messages) < 50


def test_who_is_out_of_use_gets_none(platform, deliver, suppliers, share_out):
    share_out.deactivate("mmg")
    send(platform, deliver, 20)
    assert not suppliers["mmg"].messages
    share_out.activate("mmg")
    send(platform, deliver, 20)
    assert suppliers["mmg"].messages


def test_a_failure_moves_texts_away_once_a_minute(platform, deliver, suppliers, points):
    fail(platform, deliver, suppliers["mmg"])
    assert points() == {"firetext": 60, "mmg": 40}
    fail(platform, deliver, suppliers["mmg"])
    assert points() == {"firetext": 60, "mmg": 40}
    advance(platform, MINUTE)
    fail(platform, deliver, suppliers["mmg"])
    assert points() == {"firetext": 70, "mmg": 30}


def test_a_failure_that_somebody_else_noted_meanwhile_counts_once(platform, deliver, suppliers, points):
    # What was true a moment ago: nothing had happened yet.
    a_moment_ago = MemoryStorage()
    fail(platform, deliver, suppliers["mmg"])
    Choice(platform.work, a_moment_ago, platform.clock, platform.random).failed(Channel.SMS, suppliers, "mmg")
    assert points() == {"firetext": 60, "mmg": 40}


def test_a_failure_that_cannot_be_noted_is_a_failure_all_the_same(platform, deliver, suppliers, points):
    for supplier in suppliers.values():
        supplier.make_it_fail()
    task = DeliverSms(platform.given().id)
    claim = platform.claim(task)
    platform.work.fail_next_commit(TransientError("the database is away"))
    with pytest.raises(TransientError, match="is down"):
        deliver(task, claim)
    assert points() == {"firetext": 50, "mmg": 50}


def test_a_refused_text_is_no_failure_of_the_supplier(platform, deliver, suppliers, points):
    for supplier in suppliers.values():
        supplier.make_it_refuse()
    send(platform, deliver)
    assert points() == {"firetext": 50, "mmg": 50}


def test_an_only_supplier_is_never_looked_up(platform):
    platform.sms.fail_with(TransientError("down"))
    task = DeliverSms(platform.given().id)
    with pytest.raises(TransientError):
        platform.deliver_sms()(task, platform.claim(task))
    with platform.work(read_only=True) as work:
        assert work.balances.get(Channel.SMS) is None


def test_who_delivers_slowly_gets_fewer_texts(platform, suppliers, points):
    switch = SwitchOnSlowness(platform.work, platform.clock, suppliers)
    for minutes in (1, 5, 6):
        platform.given(status=Status.SENDING, sent_by="mmg", sent_at=NOON - minutes * MINUTE)
    platform.run(switch, SwitchOnSlowDelivery())
    assert points() == {"firetext": 60, "mmg": 40}
    advance(platform, MINUTE)
    platform.run(switch, SwitchOnSlowDelivery())
    assert points() == {"firetext": 60, "mmg": 40}


def test_who_delivers_quickly_keeps_them(platform, suppliers, points):
    platform.given(status=Status.SENDING, sent_by="mmg", sent_at=NOON - MINUTE)
    platform.run(SwitchOnSlowness(platform.work, platform.clock, suppliers), SwitchOnSlowDelivery())
    assert points() == {"firetext": 50, "mmg": 50}


def test_a_switch_that_died_before_its_end_is_done_once(platform, suppliers, points):
    switch = SwitchOnSlowness(platform.work, platform.clock, suppliers)
    platform.given(status=Status.SENDING, sent_by="mmg", sent_at=NOON - 5 * MINUTE)
    platform.work.fail_next_commit(TransientError("killed"))
    with pytest.raises(TransientError):
        switch(SwitchOnSlowDelivery(), platform.claim(SwitchOnSlowDelivery()))
    assert points() == {"firetext": 50, "mmg": 50}
    advance(platform, 6 * MINUTE)
    platform.given(status=Status.SENDING, sent_by="mmg", sent_at=NOON)
    platform.run(switch, SwitchOnSlowDelivery())
    assert points() == {"firetext": 60, "mmg": 40}


def test_after_an_hour_all_go_back(platform, deliver, suppliers, points):
    tend = TendSuppliersBackToRest(platform.work, platform.clock, suppliers)
    fail(platform, deliver, suppliers["mmg"])
    platform.run(tend, TendBackToRest())
    assert points() == {"firetext": 60, "mmg": 40}
    advance(platform, 60 * MINUTE)
    platform.run(tend, TendBackToRest())
    assert points() == {"firetext": 50, "mmg": 50}


def test_an_operators_mistakes_change_nothing(share_out, points):
    with pytest.raises(InvalidValue):
        share_out.rest_at({"mmg": 100})
    share_out.deactivate("mmg")
    with pytest.raises(NotAllowed):
        share_out.deactivate("firetext")
    share_out.deactivate("mmg")
    assert points() == {"firetext": 50, "mmg": 50}

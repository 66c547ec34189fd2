"""What operators see of a service's callbacks, and do about them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.accounts.model import CallbackType
from notify_core.callbacks.states import CircuitState
from notify_core.callbacks.tasks import DeleteCallbackAttempts
from notify_core.callbacks.use_cases import ForgetOldAttempts, ReplayCallbacks, ShowCallbacks
from notify_core.kernel.errors import NotFound
from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.builders import a_callback, a_callback_attempt, a_retention, a_service, claim_row

from .conftest import MINUTE


@pytest.fixture
def refused(library):
    """Two of three deliveries have been refused."""
    library.message()
    library.run()
    library.answers(404)
    library.message()
    library.message()
    library.run()
    return library


@pytest.fixture
def replay(notify):
    return notify.use(ReplayCallbacks)


def show(notify, *arguments, **named):
    return notify.use(ShowCallbacks)(*arguments, **named)


def test_a_service_that_has_no_callbacks(notify):
    service = a_service()
    notify.put(service)
    found = show(notify, service.id)
    assert (list(found.callbacks), list(found.failed), list(found.attempts)) == ([], [], [])


def test_a_service_that_there_is_not(notify, replay):
    with pytest.raises(NotFound):
        show(notify, uuid4())
    with pytest.raises(NotFound):
        replay(uuid4())


def test_what_failed_is_shown_with_its_attempts(notify, refused):
    found = show(notify, refused.id)
    (view,) = found.callbacks
    assert (view.callback, view.circuit.state) == (refused.callback, CircuitState.CLOSED)
    assert (view.waiting, view.failed) == (0, 2)
    assert [[one.status for one in delivery.attempts] for delivery in found.failed] == [[404], [404]]
    assert [one.status for one in found.attempts] == [404, 404, 200]
    found = show(notify, refused.id, limit=1)
    assert (found.callbacks[0].failed, len(found.failed), len(found.attempts)) == (2, 1, 1)


def test_what_waits_is_counted(notify, library):
    library.answers(None)
    for _ in range(12):
        library.message()
    library.run()
    (view,) = show(notify, library.id).callbacks
    assert (view.circuit.state, view.circuit.failures, view.waiting) == (CircuitState.OPEN, 10, 12)


def test_one_type_may_be_asked_for(notify, refused):
    notify.put(a_callback(service_id=refused.id, type=CallbackType.COMPLAINT))
    assert [view.type for view in show(notify, refused.id).callbacks] == ["delivery_status", "complaint"]
    found = show(notify, refused.id, CallbackType.COMPLAINT)
    assert [view.type for view in found.callbacks] == ["complaint"]
    assert (list(found.failed), list(found.attempts)) == ([], [])


def test_all_that_failed_are_told_again_under_their_old_ids(refused, replay):
    before = [row.id for row in refused.failed]
    refused.answers(200)
    assert replay(refused.id).deliveries == tuple(before)
    refused.run()
    assert refused.failed == []
    assert [request.headers["webhook-id"] for request in refused.requests[-2:]] == [str(one) for one in before]


def test_to_replay_again_changes_nothing(refused, replay):
    replay(refused.id)
    assert replay(refused.id) == type(replay(refused.id))((), 0)
    assert len(refused.rows()) == 2
    refused.answers(200)
    refused.run()
    assert replay(refused.id).deliveries == ()
    assert len(refused.requests) == 5


def test_one_type_or_one_delivery_may_be_chosen(refused, replay):
    first, second = (row.id for row in refused.failed)
    assert replay(refused.id, CallbackType.COMPLAINT).deliveries == ()
    assert replay(refused.id, delivery=second).deliveries == (second,)
    assert replay(refused.id, CallbackType.DELIVERY_STATUS).deliveries == (first,)


def test_one_delivery_is_not_looked_for_among_all(notify, refused, replay):
    wanted, other = (row.id for row in refused.failed)
    listed = []
    notify.ledger.entries = lambda **which: listed.append(which) or []
    assert replay(refused.id, delivery=wanted).deliveries == (wanted,)
    assert replay(refused.id, delivery=wanted).deliveries == ()
    assert replay(refused.id, delivery=uuid4()).deliveries == ()
    assert replay(refused.id, CallbackType.COMPLAINT, other).deliveries == ()
    assert listed == []


def test_another_services_stay_as_they_are(notify, refused, make_service, replay):
    other = make_service(url="https://museum.example.gov.uk/callbacks")
    assert replay(other.id).deliveries == ()
    assert replay(other.id, delivery=refused.failed[0].id).deliveries == ()


def test_what_somebody_else_replays_at_the_same_time_is_left_to_him(notify, refused, replay):
    real = notify.ledger.replay

    def taken(entry_id):
        real(entry_id)
        real(entry_id)

    notify.ledger.replay = taken
    assert replay(refused.id) == type(replay(refused.id))((), 2) or not refused.failed


def test_it_is_in_the_audit_log(notify, refused, replay):
    delivery = refused.failed[0].id
    replay(refused.id, CallbackType.DELIVERY_STATUS, delivery)
    with notify.work(read_only=True) as work:
        (entry,) = work.audit.about(str(refused.id))
    assert (entry.who, entry.where) == ("operator", "cli")
    assert entry.what == f"failed delivery_status deliveries replayed ({delivery})"


class TestForgetting:
    def put(self, notify, *attempts):
        with notify.work() as work:
            for attempt in attempts:
                work.callback_attempts.add(attempt)
            work.enqueue(DeleteCallbackAttempts())
            work.commit()

    def left(self, notify, service_id):
        with notify.work(read_only=True) as work:
            return len(work.callback_attempts.newest(service_id))

    def test_attempts_are_kept_as_long_as_the_service_keeps_anything(self, notify, library):
        patient = a_service()
        notify.put(patient)
        with notify.work() as work:
            work.settings.put_retention(a_retention(service_id=patient.id, type="email", days=30))
            work.commit()
        ages = [timedelta(days=6), timedelta(days=9), timedelta(days=40)]
        self.put(
            notify,
            *(
                a_callback_attempt(service_id=service_id, at=notify.clock.now() - age)
                for service_id in (library.id, patient.id)
                for age in ages
            ),
        )
        notify.run_until_idle()
        assert (self.left(notify, library.id), self.left(notify, patient.id)) == (1, 2)

    def test_many_are_deleted_in_batches(self, notify, library):
        old = notify.clock.now() - timedelta(days=9)
        self.put(notify, *(a_callback_attempt(service_id=library.id, at=old) for _ in range(5)))
        forget = ForgetOldAttempts(notify.work, notify.clock, batch=2)
        left = []
        while rows := notify.ledger.publish_due(RelayLimits(), "relay"):
            claim = claim_row(notify.ledger, rows[0].entry_id, "worker", MINUTE)
            forget(DeleteCallbackAttempts(), claim)
            left.append(self.left(notify, library.id))
        assert left == [3, 1, 0]

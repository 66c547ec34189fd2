"""What became of telling services, and complaints."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import CallbackType
from notify_core.callbacks.model import Attempt, Circuit, Problem
from notify_core.callbacks.ports import CallbacksWork
from notify_core.callbacks.states import CircuitState
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ComplaintId, LedgerEntryId, ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_callback_attempt, a_complaint, an_id
from notify_core.testing.contracts.racing import race

Storage = UnitOfWorkFactory[CallbacksWork]
SECOND = timedelta(seconds=1)


class CallbackAttemptsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def add(self, storage: Storage, *attempts: Attempt) -> None:
        with storage() as work:
            for attempt in attempts:
                work.callback_attempts.add(attempt)
            work.commit()

    def test_a_deliverys_come_back_as_they_were_oldest_first(self, storage: Storage) -> None:
        delivery = LedgerEntryId(an_id())
        later = a_callback_attempt(delivery_id=delivery, at=NOON + SECOND, duration=timedelta(microseconds=7))
        first = a_callback_attempt(delivery_id=delivery, status=None, problem=Problem.TIME_OUT)
        second = replace(first, status=503, problem=None)
        self.add(storage, later, first, a_callback_attempt(), second)
        with storage(read_only=True) as work:
            assert list(work.callback_attempts.of_delivery(delivery)) == [first, second, later]
            assert list(work.callback_attempts.of_delivery(LedgerEntryId(an_id()))) == []

    def test_a_services_come_newest_first(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        attempts = [a_callback_attempt(service_id=service, at=NOON + number * SECOND) for number in (0, 1, 1, 2)]
        self.add(storage, *attempts, a_callback_attempt())
        with storage(read_only=True) as work:
            assert list(work.callback_attempts.newest(service)) == attempts[::-1]
            assert list(work.callback_attempts.newest(service, 2)) == [attempts[3], attempts[2]]

    def test_old_ones_of_a_service_are_deleted_in_batches(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        attempts = [a_callback_attempt(service_id=service, at=NOON + number * SECOND) for number in range(4)]
        other = a_callback_attempt()
        self.add(storage, *attempts, other)
        with storage() as work:
            assert [work.callback_attempts.delete_before(service, NOON + 3 * SECOND, 2) for _ in range(3)] == [2, 1, 0]
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.callback_attempts.newest(service)) == attempts[3:]
            assert list(work.callback_attempts.newest(other.service_id)) == [other]


class CircuitsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_there_is_a_closed_one_where_nothing_is_known(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        with storage() as work:
            assert work.circuits.find(service, CallbackType.COMPLAINT) is None
            assert work.circuits.take(service, CallbackType.COMPLAINT) == Circuit(service, CallbackType.COMPLAINT)
        with storage(read_only=True) as work:
            assert work.circuits.find(service, CallbackType.COMPLAINT) is None, "nobody kept it"

    def test_one_comes_back_as_it_was_put(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        circuit = Circuit(service, CallbackType.INBOUND_SMS, CircuitState.OPEN, 12, NOON)
        with storage() as work:
            work.circuits.take(service, circuit.type)
            work.circuits.put(circuit)
            work.commit()
        with storage() as work:
            assert work.circuits.find(service, circuit.type) == circuit
            assert work.circuits.take(service, circuit.type) == circuit
            assert work.circuits.find(service, CallbackType.COMPLAINT) is None
            assert work.circuits.find(ServiceId(an_id()), circuit.type) is None

    def test_of_many_who_change_one_none_is_forgotten(self, storage: Storage) -> None:
        service = ServiceId(an_id())

        def count(_number: int) -> None:
            for _ in range(3):
                with storage() as work:
                    circuit = work.circuits.take(service, CallbackType.COMPLAINT)
                    work.circuits.put(circuit.failed(most=1000, probe_at=NOON))
                    work.commit()

        race(count)
        with storage(read_only=True) as work:
            found = work.circuits.find(service, CallbackType.COMPLAINT)
        assert found is not None
        assert found.failures == 24

    def test_of_many_who_would_probe_one_does(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        with storage() as work:
            work.circuits.take(service, CallbackType.COMPLAINT)
            work.circuits.put(Circuit(service, CallbackType.COMPLAINT, CircuitState.OPEN, 10, NOON))
            work.commit()

        def probe(_number: int) -> bool:
            with storage() as work:
                circuit = work.circuits.take(service, CallbackType.COMPLAINT)
                if circuit.wait(NOON):
                    return False
                work.circuits.put(circuit.probing(until=NOON + 60 * SECOND))
                work.commit()
            return True

        assert sorted(race(probe)) == [False] * 7 + [True]


class ComplaintsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_one_comes_back_as_it_was_added(self, storage: Storage) -> None:
        complaint = a_complaint(detail="abuse")
        with storage() as work:
            assert work.complaints.add(complaint)
            work.commit()
        with storage(read_only=True) as work:
            assert work.complaints.get(complaint.id) == complaint
            with pytest.raises(NotFound):
                work.complaints.get(ComplaintId(an_id()))

    def test_what_is_known_is_not_added_again(self, storage: Storage) -> None:
        complaint = a_complaint()
        with storage() as work:
            work.complaints.add(complaint)
            work.commit()
        with storage() as work:
            assert not work.complaints.add(replace(complaint, detail="again"))
            assert not work.complaints.add(replace(complaint, id=ComplaintId(an_id())))
            assert work.complaints.add(a_complaint(supplier="another"))
            work.commit()
        with storage(read_only=True) as work:
            assert work.complaints.get(complaint.id) == complaint

    def test_old_ones_of_a_service_are_deleted_in_batches(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        complaints = [
            a_complaint(service_id=service, received_at=NOON + timedelta(seconds=second)) for second in range(4)
        ]
        other = a_complaint()
        with storage() as work:
            for complaint in (*complaints, other):
                work.complaints.add(complaint)
            work.commit()
        with storage() as work:
            moment = NOON + timedelta(seconds=3)
            assert work.complaints.delete_before(service, moment, 2) == 2
            assert work.complaints.delete_before(service, moment, 2) == 1
            assert work.complaints.delete_before(service, moment, 2) == 0
            work.commit()
        with storage(read_only=True) as work:
            assert work.complaints.get(complaints[3].id) == complaints[3]
            assert work.complaints.get(other.id) == other
            with pytest.raises(NotFound):
                work.complaints.get(complaints[0].id)

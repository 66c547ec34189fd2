"""Listing a service's notifications page by page."""

from datetime import timedelta

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.ids import JobId, NotificationId, ServiceId
from notify_core.notifications.model import Channel, Notification, Place
from notify_core.notifications.ports import NotificationFilter, NotificationsWork
from notify_core.notifications.states import Status
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_notification, an_id

Storage = UnitOfWorkFactory[NotificationsWork]
SECOND = timedelta(seconds=1)


class NotificationPagesContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, *notifications: Notification) -> None:
        with storage() as work:
            work.notifications.add_many(notifications)
            work.commit()

    def page(self, storage: Storage, service: ServiceId, limit: int = 250, **wanted: object) -> list[Notification]:
        with storage(read_only=True) as work:
            return list(work.notifications.page(service, NotificationFilter(**wanted), limit))  # type: ignore[arg-type] # a test's short hand

    def test_pages_cover_everything_once_newest_first_also_within_one_moment(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        # Thirds of a dozen share their moment.
        mine = [a_notification(service_id=service, created_at=NOON + SECOND * (n // 4)) for n in range(12)]
        self.given(storage, *mine, a_notification())
        seen: list[Notification] = []
        behind: Place | None = None
        while page := self.page(storage, service, 5, behind=behind):
            seen += page
            behind = place_of(page[-1])
        assert seen == sorted(mine, key=lambda one: (one.created_at, one.id), reverse=True)

    def test_what_arrives_meanwhile_moves_no_page(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        mine = [a_notification(service_id=service, created_at=NOON + SECOND * n) for n in range(4)]
        self.given(storage, *mine)
        first = self.page(storage, service, 2)
        self.given(storage, a_notification(service_id=service, created_at=NOON + timedelta(hours=1)))
        assert self.page(storage, service, 2, behind=place_of(first[-1])) == [mine[1], mine[0]]

    def test_a_service_finds_the_places_of_its_own(self, storage: Storage) -> None:
        mine, others = a_notification(), a_notification(created_at=NOON + SECOND)
        self.given(storage, mine, others)
        with storage(read_only=True) as work:
            assert work.notifications.place_of(mine.service_id, mine.id) == place_of(mine)
            assert work.notifications.place_of(mine.service_id, others.id) is None
            assert work.notifications.place_of(mine.service_id, NotificationId(an_id())) is None

    def test_messages_of_jobs_can_be_left_out(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        mine = a_notification(service_id=service)
        of_a_job = a_notification(service_id=service, job_id=JobId(an_id()), job_row=0, created_at=NOON + SECOND)
        self.given(storage, mine, of_a_job)
        assert self.page(storage, service) == [of_a_job, mine]
        assert self.page(storage, service, with_jobs=False) == [mine]
        assert self.page(storage, service, with_jobs=False, behind=place_of(mine)) == []

    def test_filters_narrow_and_combine(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        sms = a_notification(service_id=service, reference="case ŵ", created_at=NOON + 3 * SECOND)
        email = a_notification(
            service_id=service, channel=Channel.EMAIL, status=Status.SENDING, created_at=NOON + 2 * SECOND
        )
        test = a_notification(
            service_id=service, key_type=KeyType.TEST, status=Status.DELIVERED, created_at=NOON + SECOND
        )
        self.given(storage, sms, email, test, a_notification(reference="case ŵ"))
        assert self.page(storage, service) == [sms, email, test]
        assert self.page(storage, service, reference="case ŵ") == [sms]
        assert self.page(storage, service, channels=frozenset({Channel.EMAIL})) == [email]
        assert self.page(storage, service, statuses=frozenset({Status.SENDING, Status.DELIVERED})) == [email, test]
        assert self.page(storage, service, key_types=frozenset({KeyType.NORMAL, KeyType.TEAM})) == [sms, email]
        assert self.page(storage, service, key_types=frozenset()) == [sms, email, test]
        assert self.page(storage, service, channels=frozenset({Channel.SMS}), behind=place_of(email)) == [test]
        assert self.page(storage, service, channels=frozenset({Channel.LETTER})) == []

    def test_the_longest_reference_is_told_from_one_that_begins_alike(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        # Characters of four bytes, in an order that leaves nothing to compress.
        long = "".join(chr(0x20000 + number * 7919 % 40_000) for number in range(999))
        one, other = (a_notification(service_id=service, reference=long + last) for last in "ab")
        self.given(storage, one, other)
        assert self.page(storage, service, reference=long + "a") == [one]
        assert self.page(storage, service, reference=long) == []


def place_of(one: Notification) -> Place:
    return Place(one.created_at, one.id)

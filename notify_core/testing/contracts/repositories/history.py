"""Messages whose time is over: what stays of them, and what is counted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from notify_core.accounts.model import KeyType
from notify_core.housekeeping.model import ProcessingTime, TextsSent
from notify_core.housekeeping.ports import HousekeepingWork
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import JobId, NotificationId, ServiceId
from notify_core.letters.model import Letter, PastMessage, Postage
from notify_core.letters.states import UNFINISHED, LetterStatus
from notify_core.notifications.model import Channel, Notification, Whose
from notify_core.notifications.states import Status
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_letter, a_notification, a_service, an_id

Storage = UnitOfWorkFactory[HousekeepingWork]
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
SERVICE = ServiceId(an_id())


class HistoryContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, *messages: Notification | Letter) -> None:
        with storage() as work:
            work.notifications.add_many([one for one in messages if isinstance(one, Notification)])
            work.letters.add_many([one for one in messages if isinstance(one, Letter)])
            work.commit()

    def taken_in(self, storage: Storage, limit: int = 10, channel: Channel = Channel.SMS) -> int:
        with storage() as work:
            number = work.history.take_in(SERVICE, channel, NOON, limit)
            work.commit()
        return number

    def past(self, storage: Storage, notification_id: NotificationId) -> PastMessage:
        with storage(read_only=True) as work:
            return work.history.get(notification_id)

    def test_a_message_is_moved_without_whom_it_went_to_and_what_it_said(self, storage: Storage) -> None:
        text = a_notification(
            service_id=SERVICE,
            status=Status.DELIVERED,
            created_at=NOON - DAY,
            international=True,
            billable_units=2,
            rate_multiplier=3,
            job_id=JobId(an_id()),
            job_row=7,
            reference="case ŵ",
            sent_by="mmg",
            sent_at=NOON - DAY + SECOND,
            completed_at=NOON - DAY + 2 * SECOND,
        )
        self.given(storage, text)
        assert self.taken_in(storage) == 1
        assert self.past(storage, text.id) == PastMessage(
            id=text.id,
            service_id=SERVICE,
            channel=Channel.SMS,
            template_id=text.template_id,
            template_version=1,
            key_type=KeyType.NORMAL,
            created_at=text.created_at,
            status="delivered",
            international=True,
            units=2,
            rate_multiplier=3,
            job_id=text.job_id,
            job_row=7,
            reference="case ŵ",
            sent_by="mmg",
            sent_at=text.sent_at,
            completed_at=text.completed_at,
        )
        with storage(read_only=True) as work, pytest.raises(NotFound):
            work.notifications.get(text.id)

    def test_only_what_is_over_goes_the_oldest_first(self, storage: Storage) -> None:
        ended = [
            a_notification(service_id=SERVICE, status=Status.DELIVERED, created_at=NOON - SECOND * age)
            for age in (1, 2, 3)
        ]
        stay = [
            a_notification(service_id=SERVICE, status=Status.DELIVERED, created_at=NOON),
            a_notification(service_id=SERVICE, status=Status.DELIVERED, created_at=NOON - DAY, channel=Channel.EMAIL),
            a_notification(status=Status.DELIVERED, created_at=NOON - DAY),
            *(
                a_notification(service_id=SERVICE, status=status, created_at=NOON - DAY)
                for status in (Status.CREATED, Status.SENDING, Status.PENDING)
            ),
        ]
        self.given(storage, *ended, *stay)
        assert self.taken_in(storage, 2) == 2
        with storage(read_only=True) as work:
            assert work.notifications.get(ended[0].id) == ended[0]
        assert self.taken_in(storage, 2) == 1
        assert self.taken_in(storage, 2) == 0
        with storage(read_only=True) as work:
            assert [work.notifications.get(one.id) for one in stay] == stay

    def test_nothing_is_kept_of_messages_of_test_keys(self, storage: Storage) -> None:
        test = a_notification(service_id=SERVICE, status=Status.DELIVERED, created_at=NOON - DAY, key_type=KeyType.TEST)
        self.given(storage, test)
        assert self.taken_in(storage) == 1
        with pytest.raises(NotFound):
            self.past(storage, test.id)

    def test_of_an_email_it_is_known_whose_it_was(self, storage: Storage) -> None:
        named = {"status": Status.DELIVERED, "created_at": NOON - DAY, "sent_by": "ses", "service_id": SERVICE}
        email = a_notification(channel=Channel.EMAIL, supplier_reference="m-1", **named)
        test = a_notification(channel=Channel.EMAIL, supplier_reference="m-2", key_type=KeyType.TEST, **named)
        unnamed = a_notification(channel=Channel.EMAIL, **named)
        self.given(storage, email, test, unnamed)
        with storage(read_only=True) as work:
            assert work.notifications.whose("ses", "m-1") == Whose(email.id, SERVICE)
        assert self.taken_in(storage, channel=Channel.EMAIL) == 3
        with storage(read_only=True) as work:
            assert work.notifications.whose("ses", "m-1") == Whose(email.id, SERVICE)
            assert work.notifications.whose("smtp", "m-1") is None
            assert work.notifications.whose("ses", "m-2") is None

    def test_without_a_commit_a_message_stays_where_it_was(self, storage: Storage) -> None:
        text = a_notification(service_id=SERVICE, status=Status.DELIVERED, created_at=NOON - DAY)
        self.given(storage, text)
        with storage() as work:
            work.history.take_in(SERVICE, Channel.SMS, NOON, 10)
        with storage(read_only=True) as work:
            assert work.notifications.get(text.id) == text
        with pytest.raises(NotFound):
            self.past(storage, text.id)

    def test_letters_are_shown_first_and_then_moved(self, storage: Storage) -> None:
        ended = a_letter(
            service_id=SERVICE,
            status=LetterStatus.DELIVERED,
            created_at=NOON - DAY,
            postage=Postage.FIRST,
            sheets=3,
            upload_file_name="letter.pdf",
        )
        unfinished = [
            a_letter(service_id=SERVICE, status=status, created_at=NOON - 2 * DAY) for status in sorted(UNFINISHED)
        ]
        later = a_letter(service_id=SERVICE, status=LetterStatus.DELIVERED)
        self.given(storage, ended, *unfinished, later, a_letter(status=LetterStatus.DELIVERED, created_at=NOON - DAY))
        with storage(read_only=True) as work:
            assert list(work.history.past_letters(SERVICE, NOON, 10)) == [ended]
            assert list(work.history.past_letters(SERVICE, NOON, 0)) == []
        for _ in range(2):
            with storage() as work:
                work.history.take_in_letters([ended])
                work.commit()
        with storage(read_only=True) as work:
            found = work.history.by_file_references([ended.file_reference, "UNKNOWN000000000"])
            assert work.history.past_letters(SERVICE, NOON, 10) == []
        assert found == {ended.file_reference: self.past(storage, ended.id)}
        kept = found[ended.file_reference]
        assert (kept.channel, kept.units, kept.postage, kept.status) == (Channel.LETTER, 3, "first", "delivered")
        assert kept.upload_file_name == "letter.pdf"

    def test_a_letter_that_waits_again_stays(self, storage: Storage) -> None:
        seen = a_letter(service_id=SERVICE, status=LetterStatus.TECHNICAL_FAILURE, created_at=NOON - DAY)
        self.given(storage, replace(seen, status=LetterStatus.PENDING_VIRUS_CHECK))
        with storage() as work:
            work.history.take_in_letters([seen])
            work.commit()
        with storage(read_only=True) as work:
            assert work.letters.get(seen.id).status is LetterStatus.PENDING_VIRUS_CHECK
            with pytest.raises(NotFound):
                work.history.get(seen.id)

    def test_a_letter_may_come_back_after_its_time(self, storage: Storage) -> None:
        letter = a_letter(service_id=SERVICE, status=LetterStatus.DELIVERED, created_at=NOON - DAY)
        self.given(storage, letter)
        with storage() as work:
            work.history.take_in_letters([letter])
            work.history.change_status(letter.id, "returned-letter")
            work.history.change_status(NotificationId(an_id()), "returned-letter")
            work.commit()
        assert self.past(storage, letter.id).status == "returned-letter"


class StatisticsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, *messages: Notification) -> None:
        with storage() as work:
            work.services.put(a_service(id=SERVICE))
            work.notifications.add_many(messages)
            work.commit()

    def test_messages_of_a_day_are_quick_within_ten_seconds(self, storage: Storage) -> None:
        # British Summer Time: the day begins at 23:00 UTC.
        begin = NOON.replace(month=7, hour=23, minute=0, second=0, microsecond=0)
        quick = a_notification(service_id=SERVICE, created_at=begin, sent_at=begin + 10 * SECOND)
        slow = replace(quick, id=NotificationId(an_id()), sent_at=begin + 10 * SECOND + timedelta(milliseconds=1))
        email = replace(
            quick,
            id=NotificationId(an_id()),
            channel=Channel.EMAIL,
            created_at=begin + DAY - SECOND / 2,
            sent_at=begin + DAY + 11 * SECOND,
        )
        unsent = replace(quick, id=NotificationId(an_id()), sent_at=None)
        others = [
            replace(quick, id=NotificationId(an_id()), **change)
            for change in (
                {"created_at": begin - SECOND / 2},
                {"created_at": begin + DAY},
                {"key_type": KeyType.TEST},
                {"api_key_id": None},
            )
        ]
        self.given(storage, quick, slow, email, unsent, *others)
        day = begin.date() + DAY
        with storage(read_only=True) as work:
            assert work.statistics.processing_time(day) == ProcessingTime(day, 4, 1)
        ended = replace(quick, id=NotificationId(an_id()), status=Status.DELIVERED)
        by_hand = replace(ended, id=NotificationId(an_id()), api_key_id=None)
        self.given(storage, ended, by_hand)
        with storage() as work:
            work.history.take_in(SERVICE, Channel.SMS, begin + DAY, 10)
            work.commit()
        with storage(read_only=True) as work:
            assert work.statistics.processing_time(day) == ProcessingTime(day, 5, 2)

    def test_the_figure_of_a_day_is_replaced(self, storage: Storage) -> None:
        first, second = date(2026, 1, 5), date(2026, 1, 6)
        for counted in (ProcessingTime(second, 3, 2), ProcessingTime(first, 1, 0), ProcessingTime(second, 4, 4)):
            with storage() as work:
                work.statistics.keep_processing_time(counted)
                work.commit()
        with storage(read_only=True) as work:
            assert list(work.statistics.processing_times(first)) == [
                ProcessingTime(first, 1, 0),
                ProcessingTime(second, 4, 4),
            ]
            assert list(work.statistics.processing_times(second)) == [ProcessingTime(second, 4, 4)]

    def test_texts_of_a_service_are_counted_by_what_became_of_them(self, storage: Storage) -> None:
        tv = "+447700900999"
        failed = a_notification(service_id=SERVICE, status=Status.PERMANENT_FAILURE)
        self.given(
            storage,
            failed,
            a_notification(service_id=SERVICE, recipient=tv),
            a_notification(service_id=SERVICE, recipient="+447911000000"),
            a_notification(service_id=SERVICE, recipient=tv, created_at=NOON - SECOND),
            a_notification(service_id=SERVICE, recipient=tv, key_type=KeyType.TEST),
            a_notification(service_id=SERVICE, channel=Channel.EMAIL, status=Status.PERMANENT_FAILURE),
            a_notification(recipient=tv),
        )
        with storage(read_only=True) as work:
            assert work.statistics.texts_sent(SERVICE, NOON, {tv, "+447700900998"}) == TextsSent(3, 1, 1)
            assert work.statistics.texts_sent(ServiceId(an_id()), NOON, {tv}) == TextsSent(0, 0, 0)

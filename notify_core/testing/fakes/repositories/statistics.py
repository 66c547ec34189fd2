"""Counts over messages, in memory."""

from collections.abc import Collection, Iterator, MutableMapping, Sequence
from datetime import date, datetime, timedelta

from notify_core.accounts.model import KeyType
from notify_core.housekeeping.model import ProcessingTime, TextsSent
from notify_core.kernel.calendar import london_date
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import PastMessage
from notify_core.notifications.model import Channel, Notification
from notify_core.notifications.states import Status
from notify_core.testing.fakes.database import MemoryDatabase

_TEN_SECONDS = timedelta(seconds=10)


class MemoryStatistics:
    def __init__(self, database: MemoryDatabase) -> None:
        self._messages: MutableMapping[NotificationId, Notification] = database.table("notifications")
        self._past: MutableMapping[NotificationId, PastMessage] = database.table("history")
        self._by_api: MutableMapping[NotificationId, bool] = database.table("history_by_api")
        self._times: MutableMapping[date, ProcessingTime] = database.table("processing_times")

    def processing_time(self, day: date) -> ProcessingTime:
        counted = [
            one
            for one in self._through_the_api()
            if london_date(one.created_at) == day
            and one.key_type is not KeyType.TEST
            and one.channel is not Channel.LETTER
        ]
        quick = [one for one in counted if one.sent_at is not None and one.sent_at - one.created_at <= _TEN_SECONDS]
        return ProcessingTime(day, len(counted), len(quick))

    def keep_processing_time(self, counted: ProcessingTime) -> None:
        self._times[counted.day] = counted

    def processing_times(self, since: date) -> Sequence[ProcessingTime]:
        return [self._times[day] for day in sorted(self._times) if day >= since]

    def texts_sent(self, service_id: ServiceId, since: datetime, tv_numbers: Collection[str]) -> TextsSent:
        texts = [
            one
            for one in self._messages.values()
            if one.service_id == service_id
            and one.created_at >= since
            and one.channel is Channel.SMS
            and one.key_type is not KeyType.TEST
        ]
        return TextsSent(
            total=len(texts),
            failed_for_good=sum(one.status is Status.PERMANENT_FAILURE for one in texts),
            to_tv_numbers=sum(one.recipient in tv_numbers for one in texts),
        )

    def _through_the_api(self) -> Iterator[Notification | PastMessage]:
        yield from (one for one in self._messages.values() if one.api_key_id is not None)
        yield from (one for one in self._past.values() if self._by_api[one.id])

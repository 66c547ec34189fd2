"""A service's messages of every kind, page by page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from typing import Final

from notify_core.accounts.model import Caller
from notify_core.kernel.ids import NotificationId, TemplateId
from notify_core.letters.model import Letter
from notify_core.letters.policies.statuses import letter_statuses_named
from notify_core.letters.ports import BankHolidays, LetterFilter, LettersWork
from notify_core.letters.use_cases.reading.letters import letter_view
from notify_core.letters.use_cases.reading.messages import MessageView
from notify_core.notifications.model import Channel, Notification, Place
from notify_core.notifications.policies import statuses_named
from notify_core.notifications.ports import NotificationFilter
from notify_core.notifications.use_cases.read import notification_view
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.templates.model import Template

PAGE_LENGTH: Final = 250

_Message = Notification | Letter


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What a listing shows; empty fields filter nothing. ``statuses`` are the API's words; ``include_jobs``: messages
    of CSV uploads, too."""

    statuses: tuple[str, ...] = ()
    channels: frozenset[Channel] = frozenset()
    reference: str | None = None
    older_than: NotificationId | None = None
    include_jobs: bool = False


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Newest first; ``next_older_than`` is where the next page begins, None on an empty page."""

    messages: Sequence[MessageView] = ()
    next_older_than: NotificationId | None = None


@dataclass(frozen=True)
class ListMessages:
    """A page of the service's messages; keys see those of keys of their own type. Behind an id that the service has
    not, there is nothing.

    :raises InvalidValue: an unknown status.
    """

    work: UnitOfWorkFactory[LettersWork]
    bank_holidays: BankHolidays

    def __call__(self, caller: Caller, request: ListRequest) -> MessagePage:
        filters = _filters(caller, request)
        with self.work(read_only=True) as work:
            behind = _start(work, caller, request.older_than)
            if behind is None and request.older_than is not None:
                return MessagePage()
            found = _page(work, caller, filters, behind)
            return MessagePage(self._shown(work, caller, found), found[-1].id if found else None)

    def _shown(self, work: LettersWork, caller: Caller, found: Iterable[_Message]) -> Sequence[MessageView]:
        templates = _templates(work, found)
        sms_rates, letter_rates = work.sms_rates.all(), work.letter_rates.all()

        def view(one: _Message) -> MessageView:
            template = templates[one.template_id, one.template_version]
            if isinstance(one, Letter):
                return letter_view(one, template, letter_rates, self.bank_holidays)
            return notification_view(one, template, caller.service, sms_rates)

        return tuple(map(view, found))


@dataclass(frozen=True, slots=True)
class _Filters:
    """What is asked of each kind of message; None: nothing of that kind can be meant."""

    notifications: NotificationFilter | None
    letters: LetterFilter | None


def _filters(caller: Caller, request: ListRequest) -> _Filters:
    """:raises InvalidValue: an unknown status."""
    statuses, letter_statuses = statuses_named(request.statuses), letter_statuses_named(request.statuses)
    channels = request.channels - {Channel.LETTER}
    any_status, any_channel = not request.statuses, not request.channels
    key_types, reference, jobs = frozenset({caller.api_key.key_type}), request.reference, request.include_jobs
    texts_meant = (any_status or statuses) and (any_channel or channels)
    letters_meant = (any_status or letter_statuses) and (any_channel or Channel.LETTER in request.channels)
    return _Filters(
        NotificationFilter(key_types, statuses, channels, reference, with_jobs=jobs) if texts_meant else None,
        LetterFilter(key_types, letter_statuses, reference, with_jobs=jobs) if letters_meant else None,
    )


def _start(work: LettersWork, caller: Caller, older_than: NotificationId | None) -> Place | None:
    if older_than is None:
        return None
    service_id = caller.service.id
    return work.notifications.place_of(service_id, older_than) or work.letters.place_of(service_id, older_than)


def _page(work: LettersWork, caller: Caller, filters: _Filters, behind: Place | None) -> list[_Message]:
    """A page of each kind that may be meant, as one page in the order of all."""
    service_id = caller.service.id
    pages: list[Sequence[_Message]] = []
    if filters.notifications is not None:
        wanted = replace(filters.notifications, behind=behind)
        pages.append(work.notifications.page(service_id, wanted, PAGE_LENGTH))
    if filters.letters is not None:
        pages.append(work.letters.page(service_id, replace(filters.letters, behind=behind), PAGE_LENGTH))
    return list(islice(merge(*pages, key=_place, reverse=True), PAGE_LENGTH))


def _place(one: _Message) -> Place:
    return Place(one.created_at, one.id)


def _templates(work: LettersWork, found: Iterable[_Message]) -> Mapping[tuple[TemplateId, int], Template]:
    """Each version once: a page has 250 messages and few templates."""
    first = {(one.template_id, one.template_version): one.service_id for one in found}
    return {
        (template_id, version): work.templates.get(service_id, template_id, version)
        for (template_id, version), service_id in first.items()
    }

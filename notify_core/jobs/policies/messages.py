"""What a row becomes: a message, or what is wrong with it. The rules are those of the API, without a key."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from notify_core.accounts.model import KeyType, Service
from notify_core.jobs.model import Job, RowError
from notify_core.jobs.policies.columns import MISSING, RECIPIENT, Columns
from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.notifications.model import Channel, Notification, SmsRate
from notify_core.notifications.policies import (
    check_international,
    check_recipient,
    is_simulated,
    whose_recipients_are_limited,
)
from notify_core.notifications.policies.costs import multiplier_for
from notify_core.notifications.policies.rendering import email
from notify_core.recipients.model import EmailAddress, PhoneNumber
from notify_core.templates.model import Personalisation, Template, Value, prepare, render_sms
from notify_core.templates.policies import check_email, check_sms

Problems = Sequence[RowError]


@dataclass(frozen=True)
class Setting:
    """What all rows of a job have in common. ``is_known``: whether a recipient is of the team or on the guest list;
    asked only where that matters."""

    job: Job
    service: Service
    template: Template
    columns: Columns
    rates: Sequence[SmsRate]
    is_known: Callable[[str], bool]
    now: datetime

    @cached_property
    def only_known(self) -> bool:
        """Whether the service may write to its team and guests only."""
        return bool(whose_recipients_are_limited(self.service, KeyType.NORMAL))

    def check_recipient(self, recipient: str) -> None:
        """:raises NotAllowed: a stranger, and the service is in trial mode."""
        if self.only_known:
            check_recipient(self.service, KeyType.NORMAL, is_known=self.is_known(recipient))


def message_of(setting: Setting, row: int, cells: Sequence[str]) -> Notification | Problems:
    """The text or email that this row becomes. One to a simulated recipient is a test: it ends as delivered, and no
    supplier is asked, so that every row of a file can be accounted for."""
    channel = setting.job.channel
    to = setting.columns.recipient_in(cells)
    values, problems = setting.columns.values_in(row, cells)
    try:
        recipient = _READ[channel](setting, to)
    except (InvalidValue, NotAllowed) as error:
        return [RowError(row, RECIPIENT[channel], str(error) if to else MISSING), *problems]
    if problems:
        return problems
    try:
        _CHECK[channel](setting, Personalisation(values))
    except NotAllowed as error:
        return [RowError(row, None, str(error))]
    return _notification(setting, row, to, recipient, values)


@dataclass(frozen=True, slots=True)
class _Recipient:
    normalised: str
    international: bool = False
    rate_multiplier: int = 1


def _number(setting: Setting, text: str) -> _Recipient:
    number = PhoneNumber.parse(text)
    setting.check_recipient(number.e164)
    if not number.international:
        return _Recipient(number.e164)
    check_international(setting.service, number)
    multiplier = multiplier_for(number.e164, setting.now, setting.rates)
    return _Recipient(number.e164, international=True, rate_multiplier=multiplier)


def _address(setting: Setting, text: str) -> _Recipient:
    address = str(EmailAddress.parse(text))
    setting.check_recipient(address)
    return _Recipient(address)


def _check_text(setting: Setting, values: Personalisation) -> None:
    # The service's name before it does not count.
    check_sms(render_sms(prepare(setting.template.content), values))


def _check_email(setting: Setting, values: Personalisation) -> None:
    check_email(email(setting.template, values))


_READ: Final[Mapping[Channel, Callable[[Setting, str], _Recipient]]] = {Channel.SMS: _number, Channel.EMAIL: _address}
_CHECK: Final[Mapping[Channel, Callable[[Setting, Personalisation], None]]] = {
    Channel.SMS: _check_text,
    Channel.EMAIL: _check_email,
}


def _notification(
    setting: Setting, row: int, to: str, recipient: _Recipient, values: Mapping[str, Value]
) -> Notification:
    job, is_text = setting.job, setting.job.channel is Channel.SMS
    return Notification(
        id=job.notification_id(row),
        service_id=job.service_id,
        channel=job.channel,
        template_id=job.template_id,
        template_version=job.template_version,
        to=to,
        recipient=recipient.normalised,
        key_type=KeyType.TEST if is_simulated(recipient.normalised) else KeyType.NORMAL,
        created_at=setting.now,
        personalisation=values,
        sender=job.sender if is_text else None,
        reply_to=None if is_text else job.sender,
        international=recipient.international,
        rate_multiplier=recipient.rate_multiplier,
        job_id=job.id,
        job_row=row,
    )


def count_abroad(columns: Columns, rows: Iterable[tuple[int, Sequence[str]]]) -> int:
    """How many of the rows are for numbers abroad."""
    return sum(_is_abroad(columns.recipient_in(cells)) for _, cells in rows)


def _is_abroad(text: str) -> bool:
    try:
        return PhoneNumber.parse(text).international
    except (InvalidValue, NotAllowed):
        return False

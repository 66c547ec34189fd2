"""Accepting a text message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from notify_core.accounts.model import Caller
from notify_core.accounts.use_cases.idempotency import KeepAnswer, keep_no_answer
from notify_core.documents.policies import refuse_files
from notify_core.kernel.errors import InvalidValue, NotAllowed, NotFound
from notify_core.kernel.ids import NotificationId, SmsSenderId, TemplateId
from notify_core.notifications.model import Channel, Notification
from notify_core.notifications.policies import (
    SendingRules,
    check_international,
    check_permission,
    check_schedule,
    is_simulated,
)
from notify_core.notifications.policies.costs import multiplier_for
from notify_core.notifications.policies.rendering import text_message
from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.use_cases.accept.daily import channels_of, within_daily_limits
from notify_core.notifications.use_cases.accept.door import check_known, check_rate, let_in
from notify_core.notifications.use_cases.accept.result import Accepted
from notify_core.ports.clock import Clock
from notify_core.ports.daily_limits import DailyLimits
from notify_core.ports.random_source import RandomSource
from notify_core.ports.rate_limiter import RateLimiter
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.recipients.model import PhoneNumber
from notify_core.templates.model import Personalisation, Template, TemplateType
from notify_core.templates.policies import check_complete, check_sms
from notify_core.templates.use_cases import template_for_sending


@dataclass(frozen=True, slots=True)
class SmsRequest:
    """``scheduled_for`` is aware."""

    phone_number: str
    template_id: TemplateId
    personalisation: Mapping[str, object] = field(default_factory=dict)
    reference: str | None = None
    sms_sender_id: SmsSenderId | None = None
    scheduled_for: datetime | None = None


@dataclass(frozen=True)
class AcceptSms:
    """Check a text message and keep it with its delivery, or answer for a simulated recipient.
    ``keep`` is called in the transaction that stores the message.

    :raises InvalidValue: a value is not what it should be.
    :raises NotAllowed: a rule is against it.
    :raises RateLimited: too many requests, or messages today.
    """

    work: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    random: RandomSource
    rate_limiter: RateLimiter
    daily_limits: DailyLimits
    sending_rules: SendingRules

    def __call__(self, caller: Caller, request: SmsRequest, keep: KeepAnswer[Accepted] = keep_no_answer) -> Accepted:
        now = self.clock.now()
        number = _number(request.phone_number)
        refuse_files(request.personalisation)
        values = Personalisation.parse(request.personalisation)
        check_schedule(request.scheduled_for, now)
        check_permission(caller.service, Channel.SMS)
        check_rate(self.rate_limiter, caller)
        with self.work(read_only=True) as work:
            template = template_for_sending(work, caller.service.id, request.template_id, TemplateType.SMS)
            check_complete(template, values)
            message = text_message(template, values, caller.service)
            check_sms(message)
            sender = self._sender(work, caller, request.sms_sender_id)
            check_known(work, caller, str(number))
            check_international(caller.service, number)
            multiplier = multiplier_for(str(number), now, work.sms_rates.all()) if number.international else 1
        notification = self._notification(
            caller, request, template, number=number, values=values, sender=sender, multiplier=multiplier, now=now
        )
        answer = Accepted(
            id=notification.id,
            service_id=caller.service.id,
            template_id=template.id,
            template_version=template.version,
            body=message.body,
            reference=request.reference,
            scheduled_for=request.scheduled_for,
            from_number=sender,
            stored=not is_simulated(str(number)),
        )
        if answer.stored:
            channels = channels_of(Channel.SMS, international=number.international)
            with within_daily_limits(self.daily_limits, caller, channels, now):
                let_in(self.work, notification, template, now, lambda work: keep(work, answer))
        return answer

    def _sender(self, work: NotificationsWork, caller: Caller, wanted: SmsSenderId | None) -> str:
        service_id = caller.service.id
        if wanted is None:
            default = work.senders.default_sms_sender(service_id)
            return default.sms_sender if default else self.sending_rules.default_sms_sender
        try:
            return work.senders.sms_sender(service_id, wanted).sms_sender
        except NotFound:
            raise NotAllowed(f"sms_sender_id {wanted} does not exist in database for service id {service_id}") from None

    def _notification(
        self,
        caller: Caller,
        request: SmsRequest,
        template: Template,
        *,
        number: PhoneNumber,
        values: Personalisation,
        sender: str,
        multiplier: int,
        now: datetime,
    ) -> Notification:
        return Notification(
            id=NotificationId(self.random.uuid()),
            service_id=caller.service.id,
            channel=Channel.SMS,
            template_id=template.id,
            template_version=template.version,
            to=request.phone_number,
            recipient=str(number),
            key_type=caller.api_key.key_type,
            created_at=now,
            api_key_id=caller.api_key.id,
            personalisation=dict(values),
            reference=request.reference,
            sender=sender,
            international=number.international,
            rate_multiplier=multiplier,
            scheduled_for=request.scheduled_for,
        )


def _number(text: str) -> PhoneNumber:
    try:
        return PhoneNumber.parse(text)
    except InvalidValue as error:
        raise InvalidValue(f"phone_number {error}") from None

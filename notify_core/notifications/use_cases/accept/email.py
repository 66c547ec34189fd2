"""Accepting an email."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from notify_core.accounts.model import Caller
from notify_core.accounts.use_cases.idempotency import KeepAnswer, keep_no_answer
from notify_core.documents.use_cases import KeepFiles
from notify_core.kernel.errors import InvalidValue, NotAllowed, NotFound
from notify_core.kernel.ids import NotificationId, ReplyToId, TemplateId
from notify_core.notifications.model import Channel, Notification
from notify_core.notifications.policies import (
    SendingRules,
    check_permission,
    check_schedule,
    check_unsubscribe_url,
    is_simulated,
)
from notify_core.notifications.policies.rendering import email
from notify_core.notifications.policies.sanitising import escaped, unlinked
from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.use_cases.accept.daily import channels_of, within_daily_limits
from notify_core.notifications.use_cases.accept.door import check_known, check_rate, let_in
from notify_core.notifications.use_cases.accept.result import Accepted, Sanitised
from notify_core.ports.clock import Clock
from notify_core.ports.daily_limits import DailyLimits
from notify_core.ports.random_source import RandomSource
from notify_core.ports.rate_limiter import RateLimiter
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.recipients.model import EmailAddress
from notify_core.templates.model import Personalisation, Template, TemplateType, placeholder_key
from notify_core.templates.policies import check_complete, check_email
from notify_core.templates.use_cases import template_for_sending


@dataclass(frozen=True, slots=True)
class EmailRequest:
    """``scheduled_for`` is aware; ``sanitise_content_for`` names the values that strangers wrote."""

    email_address: str
    template_id: TemplateId
    personalisation: Mapping[str, object] = field(default_factory=dict)
    reference: str | None = None
    email_reply_to_id: ReplyToId | None = None
    one_click_unsubscribe_url: str | None = None
    sanitise_content_for: tuple[str, ...] = ()
    scheduled_for: datetime | None = None


@dataclass(frozen=True)
class AcceptEmail:
    """Check an email and keep it with its delivery, or answer for a simulated recipient.
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
    keep_files: KeepFiles

    def __call__(self, caller: Caller, request: EmailRequest, keep: KeepAnswer[Accepted] = keep_no_answer) -> Accepted:
        now = self.clock.now()
        address = _address(request.email_address)
        linked = self.keep_files.link(caller.service, request.personalisation)
        strange = tuple(key for key in request.sanitise_content_for if key not in linked)
        values, changed = _harmless(Personalisation.parse(linked.personalisation), strange)
        check_unsubscribe_url(request.one_click_unsubscribe_url)
        check_schedule(request.scheduled_for, now)
        check_permission(caller.service, Channel.EMAIL)
        check_rate(self.rate_limiter, caller)
        with self.work(read_only=True) as work:
            template = template_for_sending(work, caller.service.id, request.template_id, TemplateType.EMAIL)
            check_complete(template, values)
            message = email(template, values)
            check_email(message)
            reply_to = _reply_to(work, caller, request.email_reply_to_id)
            check_known(work, caller, str(address))
        notification = self._notification(
            caller, request, template, address=address, values=values, reply_to=reply_to, now=now
        )
        answer = Accepted(
            id=notification.id,
            service_id=caller.service.id,
            template_id=template.id,
            template_version=template.version,
            body=message.body,
            reference=request.reference,
            scheduled_for=request.scheduled_for,
            subject=message.subject,
            from_email=self.sending_rules.email_address_of(caller.service),
            one_click_unsubscribe_url=request.one_click_unsubscribe_url,
            sanitised_content=changed,
            stored=not is_simulated(str(address)),
        )
        if answer.stored:
            with within_daily_limits(self.daily_limits, caller, channels_of(Channel.EMAIL), now):
                kept = self.keep_files.keep(linked, str(address))

                def keep_all(work: NotificationsWork) -> None:
                    keep(work, answer)
                    self.keep_files.accept(work, kept, notification.id)

                let_in(self.work, notification, template, now, keep_all)
        else:
            self.keep_files.check(linked)
        return answer

    def _notification(
        self,
        caller: Caller,
        request: EmailRequest,
        template: Template,
        *,
        address: EmailAddress,
        values: Personalisation,
        reply_to: str | None,
        now: datetime,
    ) -> Notification:
        return Notification(
            id=NotificationId(self.random.uuid()),
            service_id=caller.service.id,
            channel=Channel.EMAIL,
            template_id=template.id,
            template_version=template.version,
            to=request.email_address,
            recipient=str(address),
            key_type=caller.api_key.key_type,
            created_at=now,
            api_key_id=caller.api_key.id,
            personalisation=dict(values),
            reference=request.reference,
            reply_to=reply_to,
            one_click_unsubscribe_url=request.one_click_unsubscribe_url,
            scheduled_for=request.scheduled_for,
        )


def _address(text: str) -> EmailAddress:
    try:
        return EmailAddress.parse(text)
    except InvalidValue as error:
        raise InvalidValue(f"email_address {error}") from None


def _reply_to(work: NotificationsWork, caller: Caller, wanted: ReplyToId | None) -> str | None:
    service_id = caller.service.id
    if wanted is None:
        default = work.senders.default_reply_to(service_id)
        return default.email_address if default else None
    try:
        return work.senders.reply_to(service_id, wanted).email_address
    except NotFound:
        raise NotAllowed(f"email_reply_to_id {wanted} does not exist in database for service id {service_id}") from None


def _harmless(values: Personalisation, keys: tuple[str, ...]) -> tuple[Personalisation, Mapping[str, Sanitised]]:
    """The values with those named in ``keys`` made harmless, and what that changed, under the keys as given.

    What is kept is not escaped: rendering takes no mark in a value for one. The answer shows the escapes,
    as the published API's does.
    """
    changed = {}
    kept = dict(values)
    for key in keys:
        name = placeholder_key(key)
        value = kept.get(name)
        if isinstance(value, str):
            kept[name] = unlinked(value)
            if (harmless := escaped(unlinked(value))) != value:
                changed[key] = Sanitised(value, harmless)
    return Personalisation.parse(kept), changed

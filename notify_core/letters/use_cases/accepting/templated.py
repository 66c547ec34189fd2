"""Accepting a letter that is made of a template."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from notify_core.accounts.model import Caller
from notify_core.accounts.use_cases.idempotency import KeepAnswer, keep_no_answer
from notify_core.documents.policies import refuse_files
from notify_core.kernel.ids import TemplateId
from notify_core.letters.policies import postage_to
from notify_core.letters.policies.acceptance import address_in, postage_of
from notify_core.letters.policies.content import letter_message
from notify_core.letters.tasks.rendering import MakeLetterPdf
from notify_core.letters.use_cases.accepting.door import AcceptedLetter, AcceptsLetters
from notify_core.notifications.model import Channel
from notify_core.notifications.use_cases.accept.daily import channels_of, within_daily_limits
from notify_core.templates.model import Personalisation, TemplateType
from notify_core.templates.policies import check_complete
from notify_core.templates.use_cases import template_for_sending


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """The address is in the personalisation: ``address_line_1`` … ``address_line_7``, or ``postcode`` as its last."""

    template_id: TemplateId
    personalisation: Mapping[str, object] = field(default_factory=dict)
    reference: str | None = None


@dataclass(frozen=True)
class AcceptLetter(AcceptsLetters):
    """Check a letter and keep it with the making of its PDF. ``keep`` is called in the transaction that stores it.

    :raises InvalidValue: the address is none, or a value is not what it should be.
    :raises NotAllowed: a rule is against it.
    :raises RateLimited: too many requests, or letters today.
    """

    def __call__(
        self, caller: Caller, request: LetterRequest, keep: KeepAnswer[AcceptedLetter] = keep_no_answer
    ) -> AcceptedLetter:
        now = self.clock.now()
        refuse_files(request.personalisation)
        values = Personalisation.parse(request.personalisation)
        self._let_in(caller)
        with self.work(read_only=True) as work:
            template = template_for_sending(work, caller.service.id, request.template_id, TemplateType.LETTER)
        check_complete(template, values)
        address = address_in(values, caller.service)
        letter = self._letter(
            caller,
            template,
            now,
            to=str(address),
            postage=postage_to(address, postage_of(template)),
            international=address.international,
            personalisation=dict(values),
            reference=request.reference,
        )
        message = letter_message(template, letter.personalisation)
        answer = AcceptedLetter(letter, message.subject, message.body)
        with within_daily_limits(self.daily_limits, caller, channels_of(Channel.LETTER), now), self.work() as work:
            keep(work, answer)
            work.letters.add_many([letter])
            work.enqueue(MakeLetterPdf(letter.id), fair=str(letter.service_id))
            work.commit()
        return answer

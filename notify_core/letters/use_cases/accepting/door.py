"""What accepting a letter of either kind has in common."""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from notify_core.accounts.model import Caller
from notify_core.kernel.ids import NotificationId
from notify_core.letters.model import Letter
from notify_core.letters.policies.acceptance import check_may_send_letters
from notify_core.letters.ports import LettersWork
from notify_core.notifications.use_cases.accept.door import check_rate
from notify_core.ports.clock import Clock
from notify_core.ports.daily_limits import DailyLimits
from notify_core.ports.random_source import RandomSource
from notify_core.ports.rate_limiter import RateLimiter
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.templates.model import Template

_CHARACTERS: Final[Sequence[str]] = string.ascii_uppercase + string.digits
_EVENLY: Final = (1,) * len(_CHARACTERS)
_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class AcceptedLetter:
    """What a sender is answered; ``body`` and ``subject`` are those of the template, filled in."""

    letter: Letter
    subject: str
    body: str


@dataclass(frozen=True)
class AcceptsLetters:
    """What a use case is that accepts letters."""

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    random: RandomSource
    rate_limiter: RateLimiter
    daily_limits: DailyLimits

    def _let_in(self, caller: Caller) -> None:
        """:raises NotAllowed: who asks may not send letters.
        :raises RateLimited: too many requests."""
        check_may_send_letters(caller)
        check_rate(self.rate_limiter, caller)

    def _letter(self, caller: Caller, template: Template, now: datetime, **facts: Any) -> Letter:
        return Letter(
            id=NotificationId(self.random.uuid()),
            service_id=caller.service.id,
            template_id=template.id,
            template_version=template.version,
            file_reference=file_reference(self.random),
            key_type=caller.api_key.key_type,
            api_key_id=caller.api_key.id,
            created_at=now,
            **facts,
        )


def file_reference(random: RandomSource) -> str:
    """A new name for a letter's files, which the printer knows it by. Source: letters.md, section 1."""
    return "".join(random.choose(_CHARACTERS, _EVENLY) for _ in range(_LENGTH))

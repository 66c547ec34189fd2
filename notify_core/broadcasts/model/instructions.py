"""What one network is told, in our words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model.events import BroadcastEvent, EventType, ProviderMessage
from notify_core.broadcasts.model.messages import Polygon
from notify_core.kernel.gsm7 import has_welsh_non_gsm
from notify_core.kernel.ids import ProviderMessageId


class Language(StrEnum):
    """By what the content holds; the networks' formats spell it in their own way."""

    ENGLISH = "english"
    WELSH = "welsh"


class InstructionType(StrEnum):
    ALERT = "alert"
    UPDATE = "update"
    CANCEL = "cancel"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier provider message that an update or cancellation names. ``sent`` is its created_at."""

    message_id: ProviderMessageId
    sent: datetime
    message_number: str | None


@dataclass(frozen=True, slots=True)
class Instruction:
    """What one network is told, in our words; the adapter puts it into the network's format.

    A test has an identifier (and number) only; a cancellation has no content. ``sender`` is for XML that we
    write ourselves: proxies know their own and are not told.
    """

    type: InstructionType
    identifier: str
    message_number: str | None = None
    headline: str | None = None
    description: str | None = None
    simple_polygons: tuple[Polygon, ...] = ()
    sent: datetime | None = None
    expires: datetime | None = None
    language: Language | None = None
    channel: BroadcastChannel | None = None
    references: tuple[Reference, ...] = ()
    sender: str | None = None


def language_of(content: str) -> Language:
    """Welsh when ``content`` holds a Welsh letter that GSM-7 lacks; other letters do not count."""
    return Language.WELSH if has_welsh_non_gsm(content) else Language.ENGLISH


def instruction_for(
    event: BroadcastEvent, message: ProviderMessage, references: tuple[ProviderMessage, ...]
) -> Instruction:
    """What ``message``'s network is told of ``event``; made of frozen things only, so that every try
    says the same.

    ``references`` are the earlier provider messages of that network, oldest first. An update of
    what the network never had is an alert there.
    """
    named = tuple(Reference(one.id, one.created_at, one.message_number) for one in references)
    if event.type is EventType.CANCEL:
        return Instruction(
            InstructionType.CANCEL,
            str(message.id),
            message_number=message.message_number,
            sent=event.sent_at,
            references=named,
            sender=event.sender,
        )
    is_update = event.type is EventType.UPDATE and bool(named)
    return Instruction(
        InstructionType.UPDATE if is_update else InstructionType.ALERT,
        str(message.id),
        message_number=message.message_number,
        headline=event.headline,
        description=event.content,
        simple_polygons=event.simple_polygons,
        sent=event.sent_at,
        expires=event.finishes_at,
        language=language_of(event.content),
        channel=event.channel,
        references=named,
        sender=event.sender,
    )

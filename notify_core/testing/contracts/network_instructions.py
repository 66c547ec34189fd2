"""One instruction of each kind, for the suites of networks."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model import Instruction, InstructionType, Language, Reference
from notify_core.broadcasts.ports import NetworkProfile
from notify_core.kernel.ids import ProviderMessageId
from notify_core.testing.builders import SKEGNESS

SENT = datetime(2026, 11, 3, 9, 15, 7, 250_000, tzinfo=UTC)
# Far enough that a centre which looks at the time takes the message.
EXPIRES = datetime(2099, 11, 3, 13, 15, 7, tzinfo=UTC)


def an_alert(profile: NetworkProfile, identifier: UUID | None = None) -> Instruction:
    return Instruction(
        type=InstructionType.ALERT,
        identifier=str(identifier or uuid4()),
        message_number="0000004e" if profile.needs_number else None,
        headline="GOV.UK Notify Broadcast",
        description="The river is rising. Go upstairs.",
        simple_polygons=(SKEGNESS,),
        sent=SENT,
        expires=EXPIRES,
        language=Language.ENGLISH,
        channel=BroadcastChannel.SEVERE,
    )


def a_reference(earlier: Instruction) -> Reference:
    return Reference(ProviderMessageId(UUID(earlier.identifier)), SENT, earlier.message_number)


def an_update(profile: NetworkProfile, *earlier: Instruction) -> Instruction:
    return replace(
        an_alert(profile),
        type=InstructionType.UPDATE,
        message_number="0000004f" if profile.needs_number else None,
        description="The river has peaked. Stay upstairs.",
        references=tuple(map(a_reference, earlier)),
    )


def a_cancellation(profile: NetworkProfile, *earlier: Instruction) -> Instruction:
    return Instruction(
        type=InstructionType.CANCEL,
        identifier=str(uuid4()),
        message_number="00000050" if profile.needs_number else None,
        sent=SENT,
        references=tuple(map(a_reference, earlier)),
    )


def a_link_test(profile: NetworkProfile) -> Instruction:
    return Instruction(
        type=InstructionType.TEST,
        identifier=str(uuid4()),
        message_number="00000051" if profile.needs_number else None,
    )

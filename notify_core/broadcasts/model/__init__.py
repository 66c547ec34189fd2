"""Emergency alerts: what people write, the instructions that follow, and each network's copy."""

from notify_core.broadcasts.model.cap import (
    CapArea,
    CapDocument,
    CapMessageType,
    CapSubmission,
)
from notify_core.broadcasts.model.events import (
    Assumption,
    Attempt,
    AttemptOutcome,
    BroadcastEvent,
    EventType,
    ProviderMessage,
    Route,
    message_number,
)
from notify_core.broadcasts.model.instructions import (
    Instruction,
    InstructionType,
    Language,
    Reference,
    instruction_for,
    language_of,
)
from notify_core.broadcasts.model.link_tests import LinkState, LinkTest
from notify_core.broadcasts.model.messages import (
    BroadcastMessage,
    Polygon,
)
from notify_core.broadcasts.model.revisions import Revision

__all__ = [
    "Assumption",
    "Attempt",
    "AttemptOutcome",
    "BroadcastEvent",
    "BroadcastMessage",
    "CapArea",
    "CapDocument",
    "CapMessageType",
    "CapSubmission",
    "EventType",
    "Instruction",
    "InstructionType",
    "Language",
    "LinkState",
    "LinkTest",
    "Polygon",
    "ProviderMessage",
    "Reference",
    "Revision",
    "Route",
    "instruction_for",
    "language_of",
    "message_number",
]

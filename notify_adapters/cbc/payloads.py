"""An instruction as the JSON object that a network's proxy takes (broadcasts.md, section 5)."""

from collections.abc import Callable, Mapping
from typing import Any

from notify_core.broadcasts.model import Instruction, InstructionType, Language, Reference
from notify_core.broadcasts.ports import NetworkFormat, NetworkProfile
from notify_core.kernel.calendar import cap_date, format_datetime

Payload = dict[str, Any]

_LANGUAGES: Mapping[NetworkFormat, Mapping[Language, str]] = {
    NetworkFormat.CAP: {Language.ENGLISH: "en-GB", Language.WELSH: "cy-GB"},
    NetworkFormat.IBAG: {Language.ENGLISH: "English", Language.WELSH: "Welsh"},
}


class IncompleteInstruction(ValueError):
    """The instruction lacks what its type needs: a mistake of ours, which no retry mends."""


def payload(instruction: Instruction, profile: NetworkProfile) -> Payload:
    """What both proxies of the network are sent, the same for every try.

    :raises IncompleteInstruction: see there.
    """
    common: Payload = {
        "message_type": instruction.type.value,
        "identifier": instruction.identifier,
        "message_format": profile.format.value,
    }
    if profile.needs_number:
        common["message_number"] = _needed(instruction, "message_number")
    return common | _PARTS[instruction.type](instruction, profile)


def _content(instruction: Instruction, profile: NetworkProfile) -> Payload:
    return {
        "headline": _needed(instruction, "headline"),
        "description": _needed(instruction, "description"),
        "areas": [{"polygon": [list(pair) for pair in polygon]} for polygon in instruction.simple_polygons],
        "sent": cap_date(_needed(instruction, "sent")),
        "expires": cap_date(_needed(instruction, "expires")),
        "language": _LANGUAGES[profile.format][_needed(instruction, "language")],
        "channel": _needed(instruction, "channel").value,
    }


def _update(instruction: Instruction, profile: NetworkProfile) -> Payload:
    return _content(instruction, profile) | {"references": _references(instruction, profile)}


def _cancel(instruction: Instruction, profile: NetworkProfile) -> Payload:
    return {"references": _references(instruction, profile), "sent": cap_date(_needed(instruction, "sent"))}


def _test(_instruction: Instruction, _profile: NetworkProfile) -> Payload:
    return {}


_PARTS: Mapping[InstructionType, Callable[[Instruction, NetworkProfile], Payload]] = {
    InstructionType.ALERT: _content,
    InstructionType.UPDATE: _update,
    InstructionType.CANCEL: _cancel,
    InstructionType.TEST: _test,
}


def _references(instruction: Instruction, profile: NetworkProfile) -> list[Payload]:
    return [_reference(reference, profile) for reference in instruction.references]


def _reference(reference: Reference, profile: NetworkProfile) -> Payload:
    named = {
        "message_id": str(reference.message_id),
        "sent": format_datetime(reference.sent),
    }
    return named | {"message_number": reference.message_number} if profile.needs_number else named


def _needed(instruction: Instruction, name: str) -> Any:
    value = getattr(instruction, name)
    if value is None:
        raise IncompleteInstruction(f"{instruction.type.value} {instruction.identifier} has no {name}")
    return value

"""What would go to a network, without its going there."""

from datetime import datetime

from notify_adapters.cbc.payloads import IncompleteInstruction, payload
from notify_adapters.cbc.xml import UnfitForNetwork, render
from notify_core.broadcasts.model import Instruction, InstructionType
from notify_core.broadcasts.ports import NetworkPreview, NetworkProfile, NetworkRefuses

_OF_EARLIER = {InstructionType.UPDATE, InstructionType.CANCEL}


def preview(instruction: Instruction, profile: NetworkProfile, at: datetime) -> NetworkPreview:
    """:raises NetworkRefuses: something is missing, or its XML would not be valid."""
    if instruction.type in _OF_EARLIER and not instruction.references:
        raise NetworkRefuses(f"{instruction.type.value} of nothing: it has no references")
    try:
        told = payload(instruction, profile)
        xml = render(told, at, instruction.sender)
    except (IncompleteInstruction, UnfitForNetwork) as unfit:
        raise NetworkRefuses(str(unfit)) from unfit
    return NetworkPreview(profile.functions, told, xml)

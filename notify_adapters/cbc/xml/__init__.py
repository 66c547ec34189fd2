"""A payload as the XML that a cell broadcast centre receives."""

from datetime import datetime

from notify_adapters.cbc.payloads import Payload
from notify_adapters.cbc.xml import cap, ibag
from notify_adapters.cbc.xml.parts import SENDER
from notify_adapters.xml import XmlRefused, parse, schema
from notify_core.broadcasts.ports import NetworkFormat


class UnfitForNetwork(ValueError):
    """The XML of a payload is not what the network's schema allows; the message is the first fault."""


_RENDERERS = {NetworkFormat.CAP: (cap.render, "cap-1.2"), NetworkFormat.IBAG: (ibag.render, "ibag-1.0")}


def render(payload: Payload, handed_over_at: datetime, sender: str | None = None) -> str:
    """The XML of a payload, valid against its format's schema.

    ``handed_over_at`` dates a link test, whose payload carries no time. Payloads name no ``sender`` either
    (None: what a proxy writes).

    :raises UnfitForNetwork: keys are missing, or the outcome is not valid.
    """
    try:
        renderer, schema_name = _RENDERERS[NetworkFormat(payload["message_format"])]
        xml = renderer(payload, handed_over_at, sender or SENDER)
        encoded = xml.encode()
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise UnfitForNetwork(f"{type(error).__name__}: {error}") from error
    try:
        fault = schema(schema_name).fault(parse(encoded))
    except XmlRefused as refused:
        fault = str(refused)
    if fault is not None:
        raise UnfitForNetwork(fault)
    return xml

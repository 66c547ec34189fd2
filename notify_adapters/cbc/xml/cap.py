"""CAP 1.2."""

from datetime import datetime
from xml.etree import ElementTree as ET

from notify_adapters.cbc.payloads import Payload
from notify_adapters.cbc.xml.parts import EVENTS, add, polygon, reference_date, written
from notify_core.kernel.calendar import cap_date

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_MESSAGE_TYPES = {"alert": "Alert", "update": "Update", "cancel": "Cancel", "test": "Alert"}


def render(payload: Payload, handed_over_at: datetime, sender: str) -> str:
    """:raises KeyError: the payload lacks what its message type needs."""
    kind = payload["message_type"]
    alert = ET.Element(f"{{{NAMESPACE}}}alert")
    add(alert, "identifier", payload["identifier"])
    add(alert, "sender", sender)
    add(alert, "sent", cap_date(handed_over_at) if kind == "test" else payload["sent"])
    add(alert, "status", "Test" if kind == "test" else "Actual")
    add(alert, "msgType", _MESSAGE_TYPES[kind])
    add(alert, "scope", "Public")
    if kind in {"update", "cancel"}:
        references = payload["references"]
        add(
            alert,
            "references",
            " ".join(f"{sender},{each['message_id']},{reference_date(each['sent'])}" for each in references),
        )
    if kind in {"alert", "update"}:
        _info(alert, payload)
    return written(alert, NAMESPACE)


def _info(alert: ET.Element, payload: Payload) -> None:
    info = add(alert, "info")
    add(info, "language", payload["language"])
    add(info, "category", "Safety")
    add(info, "event", EVENTS[payload["channel"]])
    add(info, "urgency", "Expected")
    add(info, "severity", "Severe")
    add(info, "certainty", "Likely")
    add(info, "expires", payload["expires"])
    add(info, "headline", payload["headline"])
    add(info, "description", payload["description"])
    for number, each in enumerate(payload["areas"], 1):
        area = add(info, "area")
        add(area, "areaDesc", f"area-{number}")
        add(area, "polygon", polygon(each["polygon"]))

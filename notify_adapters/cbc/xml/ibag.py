"""IBAG 1.0."""

from datetime import datetime
from xml.etree import ElementTree as ET

from notify_adapters.cbc.payloads import Payload
from notify_adapters.cbc.xml.parts import EVENTS, add, polygon, reference_date, written
from notify_core.kernel.calendar import cap_date

NAMESPACE = "ibag:1.0"
GATEWAY = "notifications.service.gov.uk"
_MESSAGE_TYPES = {"alert": "Alert", "update": "Update", "cancel": "Cancel", "test": "Link Test"}


def render(payload: Payload, handed_over_at: datetime, sender: str) -> str:
    """:raises KeyError: the payload lacks what its message type needs."""
    kind = payload["message_type"]
    attributes = ET.Element(f"{{{NAMESPACE}}}IBAG_Alert_Attributes")
    add(attributes, "IBAG_protocol_version", "1.0")
    add(attributes, "IBAG_sending_gateway_id", GATEWAY)
    add(attributes, "IBAG_message_number", payload["message_number"])
    if kind in {"update", "cancel"}:
        for each in payload["references"]:
            _reference(attributes, each)
    add(attributes, "IBAG_sender", sender)
    add(attributes, "IBAG_sent_date_time", cap_date(handed_over_at) if kind == "test" else payload["sent"])
    add(attributes, "IBAG_status", "Test" if kind == "test" else "Actual")
    add(attributes, "IBAG_message_type", _MESSAGE_TYPES[kind])
    add(attributes, "IBAG_cap_identifier", payload["identifier"])
    if kind in {"alert", "update"}:
        _info(attributes, payload)
    return written(attributes, NAMESPACE)


def _reference(attributes: ET.Element, each: Payload) -> None:
    reference = add(attributes, "IBAG_referenced_message")
    add(reference, "IBAG_referenced_message_number", each["message_number"])
    add(reference, "IBAG_referenced_message_cap_identifier", each["message_id"])
    add(reference, "IBAG_referenced_message_sent_date_time", reference_date(each["sent"]))


def _info(attributes: ET.Element, payload: Payload) -> None:
    info = add(attributes, "IBAG_alert_info")
    add(info, "IBAG_category", "Safety")
    add(info, "IBAG_event_code", EVENTS[payload["channel"]])
    add(info, "IBAG_urgency", "Expected")
    add(info, "IBAG_severity", "Severe")
    add(info, "IBAG_certainty", "Likely")
    add(info, "IBAG_expires_date_time", payload["expires"])
    add(info, "IBAG_text_language", payload["language"])
    add(info, "IBAG_text_headline", payload["headline"])
    add(info, "IBAG_text_alert_message_length", str(len(payload["description"])))
    add(info, "IBAG_text_alert_message", payload["description"])
    for number, each in enumerate(payload["areas"], 1):
        area = add(info, "IBAG_Alert_Area")
        add(area, "IBAG_area_description", f"area-{number}")
        add(area, "IBAG_polygon", polygon(each["polygon"]))

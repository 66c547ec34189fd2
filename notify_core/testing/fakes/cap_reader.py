"""Reading CAP 1.2 with the standard library."""

import re
from collections.abc import Mapping
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from notify_core.broadcasts.model import CapArea, CapDocument, Polygon
from notify_core.broadcasts.policies.polygons import MAX_POINTS, TOO_MANY_POINTS
from notify_core.broadcasts.ports import CapUnreadable, PolygonRefused
from notify_core.kernel.calendar import parse_cap_date
from notify_core.kernel.errors import InvalidValue

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MAX_BYTES = 5_000_000
MAX_DEPTH = 32
MAX_REFERENCES = 1_000
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"

# The children of each element with children, in their order: "?" at most one, "*" any number, "+" at least one.
_CHILDREN: Mapping[str, str] = {
    "alert": "identifier sender sent status msgType source? scope restriction? addresses? code* note? references?"
    " incidents? info*",
    "info": "language? category+ event responseType* urgency severity certainty audience? eventCode* effective? onset?"
    " expires? senderName? headline? description? instruction? web? contact? parameter* resource* area*",
    "area": "areaDesc polygon* circle* geocode* altitude? ceiling?",
    "resource": "resourceDesc mimeType size? uri? derefUri? digest?",
    "eventCode": "valueName value",
    "parameter": "valueName value",
    "geocode": "valueName value",
}
_WORDS: Mapping[str, str] = {
    "status": "Actual Exercise System Test Draft",
    "msgType": "Alert Update Cancel Ack Error",
    "scope": "Public Restricted Private",
    "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    "responseType": "Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None",
    "urgency": "Immediate Expected Future Past Unknown",
    "severity": "Extreme Severe Moderate Minor Unknown",
    "certainty": "Observed Likely Possible Unlikely Unknown",
}
_TIMES = {"sent", "effective", "onset", "expires"}
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}", re.ASCII)
_PAIR = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+),[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)


class _Builder(TreeBuilder):
    """Stops at a document type, before any entity is expanded, and at too deep a tree."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, *_: object) -> None:
        raise CapUnreadable("a document type is not accepted")

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise CapUnreadable("the document is nested too deeply")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


class MemoryCapReader:
    """Checks names, order, number and words of the elements."""

    def read(self, document: bytes) -> CapDocument:
        if len(document) > MAX_BYTES:
            raise CapUnreadable("the document is too large")
        alert = _parsed(document)
        if alert.tag != f"{{{NAMESPACE}}}alert":
            raise CapUnreadable("the root element is not a CAP 1.2 alert")
        _check(alert)
        info = _child(alert, "info")
        return CapDocument(
            message_type=_needed(alert, "msgType"),
            identifier=_needed(alert, "identifier"),
            sender=_needed(alert, "sender"),
            sent=_needed(alert, "sent"),
            status=_needed(alert, "status"),
            category=_text(info, "category"),
            expires=_time(_text(info, "expires")),
            content=_text(info, "description"),
            areas=() if info is None else _areas(info),
            references=_references(_text(alert, "references") or ""),
        )


def _parsed(document: bytes) -> Element:
    parser = XMLParser(target=_Builder())  # noqa: S314 - the builder stops where the attacks begin
    try:
        parser.feed(document)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise CapUnreadable(f"the document is not XML: {error}") from None
    return root


def _name(element: Element) -> str:
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    if name == element.tag:
        raise CapUnreadable(f"{name} is not an element of CAP 1.2")
    return name


def _check(element: Element) -> None:
    name = _name(element)
    if any(not attribute.startswith(_XSI) for attribute in element.attrib):
        raise CapUnreadable(f"{name} has an attribute")
    expected = _CHILDREN.get(name)
    if expected is None:
        _check_leaf(element, name)
        return
    children = [child for child in element if not (name == "alert" and child.tag.startswith(_SIGNATURE))]
    present = "".join(f"{_name(child)} " for child in children)
    pattern = "".join(f"(?:{one.rstrip('?*+')} ){one[len(one.rstrip('?*+')) :]}" for one in expected.split())
    if not re.fullmatch(pattern, present):
        raise CapUnreadable(f"the elements in {name} are not those of CAP 1.2, in their order")
    for child in children:
        _check(child)


def _check_leaf(element: Element, name: str) -> None:
    text = element.text or ""
    if len(element):
        raise CapUnreadable(f"{name} holds elements")
    if name in _WORDS and text not in _WORDS[name].split():
        raise CapUnreadable(f"{name} is not one of {_WORDS[name]}")
    if name in _TIMES:
        _time(text.strip())


def _children(parent: Element, name: str) -> list[Element]:
    return parent.findall(f"{{{NAMESPACE}}}{name}")


def _child(parent: Element, name: str) -> Element | None:
    return parent.find(f"{{{NAMESPACE}}}{name}")


def _text(parent: Element | None, name: str) -> str | None:
    """None when the element is absent or blank."""
    element = None if parent is None else _child(parent, name)
    return None if element is None else (element.text or "").strip() or None


def _needed(parent: Element, name: str) -> str:
    text = _text(parent, name)
    if text is None:
        raise CapUnreadable(f"{name} is empty")
    return text


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    if not _TIME.fullmatch(text):
        raise CapUnreadable(f"{text} is not a CAP date and time")
    try:
        return parse_cap_date(text)
    except InvalidValue as error:
        raise CapUnreadable(str(error)) from None


def _areas(info: Element) -> tuple[CapArea, ...]:
    areas = _children(info, "area")
    if sum((polygon.text or "").count(",") for area in areas for polygon in _children(area, "polygon")) > MAX_POINTS:
        raise PolygonRefused(TOO_MANY_POINTS)
    return tuple(map(_area, areas))


def _area(element: Element) -> CapArea:
    return CapArea(_needed(element, "areaDesc"), tuple(map(_polygon, _children(element, "polygon"))))


def _polygon(element: Element) -> Polygon:
    pairs = (element.text or "").split()
    if not pairs or not all(map(_PAIR.fullmatch, pairs)):
        raise CapUnreadable("a polygon is not made of latitude,longitude pairs")
    return tuple((float(latitude), float(longitude)) for latitude, longitude in (pair.split(",") for pair in pairs))


def _references(text: str) -> tuple[tuple[str, str, str], ...]:
    if text.count(",") > 2 * MAX_REFERENCES:
        raise CapUnreadable("there are too many references")
    return tuple(map(_reference, text.split()))


def _reference(text: str) -> tuple[str, str, str]:
    match text.split(","):
        case [sender, identifier, sent] if sender and identifier and sent:
            return sender, identifier, sent
        case _:
            raise CapUnreadable("references are not sender,identifier,sent")

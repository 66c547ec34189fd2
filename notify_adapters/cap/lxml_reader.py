"""CAP 1.2 read by lxml, checked against the schema first."""

import re
from collections.abc import Mapping
from datetime import datetime

from lxml import etree

from notify_adapters.options import known
from notify_adapters.xml import XmlRefused, parse, schema
from notify_core.broadcasts.model import CapArea, CapDocument, Polygon
from notify_core.broadcasts.policies.polygons import MAX_POINTS, TOO_MANY_POINTS
from notify_core.broadcasts.ports import CapReader, CapUnreadable, PolygonRefused
from notify_core.kernel.calendar import parse_cap_date
from notify_core.kernel.errors import InvalidValue

OPTIONS: Mapping[str, str] = {}
MAX_REFERENCES = 1_000

_NAMESPACES = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}
_WORD = re.compile(r"\S+")
_PAIR = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)),([+-]?(?:\d+\.?\d*|\.\d+))", re.ASCII)


class LxmlCapReader:
    """Of several info blocks (languages), the first counts."""

    def read(self, document: bytes) -> CapDocument:
        try:
            alert = parse(document)
        except XmlRefused as refused:
            raise CapUnreadable(str(refused)) from refused
        fault = schema("cap-1.2").fault(alert)
        if fault is not None:
            raise CapUnreadable(fault)
        info = alert.find("cap:info", _NAMESPACES)
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


def _text(parent: etree._Element | None, name: str) -> str | None:
    """None when the element is absent or blank."""
    text = None if parent is None else parent.findtext(f"cap:{name}", None, _NAMESPACES)
    return None if text is None else text.strip() or None


def _needed(parent: etree._Element, name: str) -> str:
    text = _text(parent, name)
    if text is None:
        raise CapUnreadable(f"{name} is empty")
    return text


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_cap_date(text)
    except InvalidValue as error:
        raise CapUnreadable(str(error)) from None


def _areas(info: etree._Element) -> tuple[CapArea, ...]:
    # Five million bytes hold a million points: counted before any of them takes memory.
    if (
        sum((polygon.text or "").count(",") for polygon in info.iterfind("cap:area/cap:polygon", _NAMESPACES))
        > MAX_POINTS
    ):
        raise PolygonRefused(TOO_MANY_POINTS)
    return tuple(map(_area, info.iterfind("cap:area", _NAMESPACES)))


def _area(element: etree._Element) -> CapArea:
    polygons = element.findall("cap:polygon", _NAMESPACES)
    return CapArea(_needed(element, "areaDesc"), tuple(_polygon(polygon.text or "") for polygon in polygons))


def _polygon(text: str) -> Polygon:
    ring = tuple(_pair(word[0]) for word in _WORD.finditer(text))
    if not ring:
        raise CapUnreadable("a polygon is empty")
    return ring


def _pair(text: str) -> tuple[float, float]:
    pair = _PAIR.fullmatch(text)
    if pair is None:
        raise CapUnreadable("a polygon is not made of latitude,longitude pairs")
    return float(pair[1]), float(pair[2])


def _references(text: str) -> tuple[tuple[str, str, str], ...]:
    if text.count(",") > 2 * MAX_REFERENCES:
        raise CapUnreadable(f"there are more than {MAX_REFERENCES:,} references")
    return tuple(map(_reference, text.split()))


def _reference(text: str) -> tuple[str, str, str]:
    match text.split(","):
        case [sender, identifier, sent] if sender and identifier and sent:
            return sender, identifier, sent
        case _:
            raise CapUnreadable("references are not sender,identifier,sent triples")


def build(options: Mapping[str, str]) -> CapReader:
    known(options, *OPTIONS)
    return LxmlCapReader()

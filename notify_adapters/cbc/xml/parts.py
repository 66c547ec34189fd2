"""What both formats share: constants, and how elements, times and polygons are written."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from xml.etree import ElementTree as ET  # nothing is parsed here

from notify_core.kernel.calendar import cap_date

SENDER = "broadcasts@notifications.service.gov.uk"
EVENTS = {"test": "RMT", "operator": "OPR", "severe": "Alert", "government": "EAN"}


def add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    """A new last child, in its parent's namespace."""
    namespace = parent.tag.partition("}")[0]
    child = ET.SubElement(parent, f"{namespace}}}{name}")
    child.text = text
    return child


def written(root: ET.Element, namespace: str) -> str:
    """The document, indented for people."""
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False, default_namespace=namespace) + "\n"


def polygon(pairs: Iterable[Sequence[float]]) -> str:
    """``lat,lon lat,lon …`` with every digit and never an exponent."""
    return " ".join(f"{_degrees(latitude)},{_degrees(longitude)}" for latitude, longitude in pairs)


def _degrees(value: float) -> str:
    return format(Decimal(repr(value)), "f")


def reference_date(sent: str) -> str:
    """A reference's time, which payloads write with microseconds and ``Z``, as CAP writes it."""
    return cap_date(datetime.fromisoformat(sent))

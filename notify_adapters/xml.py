"""XML from strangers: the only place that parses it, and the schemas it is checked against."""

from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any

from lxml import etree

MAX_BYTES = 5_000_000
MAX_DEPTH = 32
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


class XmlRefused(ValueError):
    """Not XML, or XML that asks for more than we give; the message says which."""


def parse(document: bytes) -> etree._Element:
    """The root element, without comments and processing instructions.

    :raises XmlRefused: not well-formed, over 5,000,000 bytes, nested over 32 deep, or with a document type
        (and so with entities).
    """
    if len(document) > MAX_BYTES:
        raise XmlRefused(f"the document is larger than {MAX_BYTES:,} bytes")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise XmlRefused(f"the document is not XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlRefused("a document type is not accepted")
    _tame(root)
    return root


def _tame(root: etree._Element) -> None:
    """Bound the depth, and drop hints at schemas: a validator would open the files they name."""
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise XmlRefused(f"the document is nested more than {MAX_DEPTH} deep")
        for hint in ("schemaLocation", "noNamespaceSchemaLocation"):
            element.attrib.pop(f"{{{_XSI}}}{hint}", None)


class Schema:
    """An XML schema from ``notify_adapters/schemas``. Threads may share it: its error log they take in turns."""

    def __init__(self, name: str) -> None:
        definition = etree.fromstring((files("notify_adapters") / "schemas" / f"{name}.xsd").read_bytes())
        self._schema = etree.XMLSchema(definition)
        self._lock = Lock()

    def fault(self, root: etree._Element) -> str | None:
        """The first thing wrong with the document, or None when it is valid."""
        with self._lock:
            if self._schema.validate(root):
                return None
            log: Any = self._schema.error_log  # the stubs don't know that it is a sequence
            return str(log[0].message)


@cache
def schema(name: str) -> Schema:
    """``cap-1.2`` or ``ibag-1.0``."""
    return Schema(name)

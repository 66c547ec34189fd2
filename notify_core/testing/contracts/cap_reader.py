"""How every reader of CAP documents behaves, strangers' documents included."""

import time
from datetime import UTC, datetime

import pytest

from notify_core.broadcasts.model import CapArea
from notify_core.broadcasts.ports import CapReader, CapUnreadable, PolygonRefused

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_SECONDS = 5.0  # hostile documents must be refused at once; this only says "not for ever"

AREA = """<area>
      <areaDesc>River Steeping</areaDesc>
      <polygon>53.10569,0.24453 53.10593,0.24430\n\t 53.10601,0.24375 53.10569,0.24453</polygon>
      <geocode><valueName>TargetAreaCode</valueName><value>053FWFSTEEP4</value></geocode>
    </area>"""
INFO = f"""<info>
    <language>en-GB</language>
    <category>Met</category>
    <category>Safety</category>
    <event>013 Issue Severe Flood Warning</event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <expires>2026-11-04T00:00:00+01:00</expires>
    <senderName>Environment Agency</senderName>
    <description> The river is rising &amp; fast. </description>
    {AREA}
  </info>"""


def a_cap_document(
    info: str = INFO, *, kind: str = "Alert", status: str = "Actual", references: str = "", namespace: str = NAMESPACE
) -> str:
    named = f"<references>{references}</references>" if references else ""
    return f"""<alert xmlns="{namespace}">
  <identifier>4f6d28b1</identifier>
  <sender>www.gov.uk/environment-agency</sender>
  <sent>2026-11-03T10:00:00-00:00</sent>
  <status>{status}</status>
  <msgType>{kind}</msgType>
  <source>Flood warning service</source>
  <scope>Public</scope>
  {named}{info}
</alert>
"""


def _without(name: str) -> str:
    document = a_cap_document()
    start, end = document.index(f"<{name}>"), document.index(f"</{name}>") + len(f"</{name}>")
    return document[:start] + document[end:]


class CapReaderContract:
    """Supply the ``reader``."""

    @pytest.fixture
    def reader(self) -> CapReader:
        raise NotImplementedError

    def test_reads_an_alert(self, reader: CapReader) -> None:
        document = reader.read(a_cap_document().encode())

        assert document.message_type == "Alert"
        assert document.identifier == "4f6d28b1"
        assert document.sender == "www.gov.uk/environment-agency"
        assert document.sent == "2026-11-03T10:00:00-00:00"
        assert document.actual
        assert document.category == "Met"
        assert document.expires == datetime(2026, 11, 3, 23, tzinfo=UTC)
        assert document.content == "The river is rising & fast."
        assert not document.references

    def test_an_alert_may_expire_at_24_hours(self, reader: CapReader) -> None:
        written = "<expires>2026-11-04T00:00:00+01:00"
        document = a_cap_document()
        assert written in document
        late = document.replace(written, "<expires>2026-11-03T24:00:00-00:00")
        assert reader.read(late.encode()).expires == datetime(2026, 11, 4, tzinfo=UTC)

    def test_any_white_space_separates_the_pairs_of_a_polygon(self, reader: CapReader) -> None:
        ring = ((53.10569, 0.24453), (53.10593, 0.24430), (53.10601, 0.24375), (53.10569, 0.24453))
        assert reader.read(a_cap_document().encode()).areas == (CapArea("River Steeping", (ring,)),)

    def test_reads_every_area_and_every_polygon_of_it(self, reader: CapReader) -> None:
        second = "<area><areaDesc>Sea</areaDesc><polygon>-1,-2 3.5,4 5,6 -1,-2</polygon><polygon>1,1</polygon></area>"
        third = "<area><areaDesc>Everywhere</areaDesc><circle>51.5,0.1 3</circle></area>"
        areas = reader.read(a_cap_document(INFO.replace(AREA, AREA + second + third)).encode()).areas

        assert [area.name for area in areas] == ["River Steeping", "Sea", "Everywhere"]
        assert [len(area.polygons) for area in areas] == [1, 2, 0]
        assert areas[1].polygons[0] == ((-1, -2), (3.5, 4), (5, 6), (-1, -2))

    def test_of_several_info_blocks_the_first_counts(self, reader: CapReader) -> None:
        welsh = INFO.replace("en-GB", "cy-GB").replace("The river is rising", "Mae'r afon yn codi")
        document = reader.read(a_cap_document(INFO + welsh).encode())

        assert document.content == "The river is rising & fast."
        assert len(document.areas) == 1

    def test_reads_what_a_cancellation_refers_to(self, reader: CapReader) -> None:
        references = "a@b.c,one,2026-11-03T09:00:00-00:00\n  a@b.c,two,2026-11-03T09:30:00+01:00"
        document = reader.read(a_cap_document("", kind="Cancel", references=references).encode())

        assert document.message_type == "Cancel"
        assert document.references == (
            ("a@b.c", "one", "2026-11-03T09:00:00-00:00"),
            ("a@b.c", "two", "2026-11-03T09:30:00+01:00"),
        )
        assert (document.category, document.expires, document.content, document.areas) == (None, None, None, ())

    @pytest.mark.parametrize("name", ["expires", "description"])
    def test_what_cap_does_not_require_may_be_missing(self, reader: CapReader, name: str) -> None:
        document = reader.read(_without(name).encode())
        assert {"expires": document.expires, "description": document.content}[name] is None

    @pytest.mark.parametrize("kind", ["Ack", "Error"])
    def test_other_message_types_of_cap_are_told_as_written(self, reader: CapReader, kind: str) -> None:
        assert reader.read(a_cap_document(kind=kind).encode()).message_type == kind

    @pytest.mark.parametrize("status", ["Exercise", "System", "Test", "Draft"])
    def test_only_the_status_actual_is_actual(self, reader: CapReader, status: str) -> None:
        document = reader.read(a_cap_document(status=status).encode())
        assert document.status == status
        assert not document.actual

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
    def test_reads_every_common_encoding(self, reader: CapReader, encoding: str) -> None:
        name = encoding.removesuffix("-sig")
        text = f'<?xml version="1.0" encoding="{name}"?>\n' + a_cap_document().replace("rising", "at its höchst")
        content = reader.read(text.encode(encoding)).content
        assert content == "The river is at its höchst & fast."

    def test_prefixes_comments_and_cdata_are_only_ways_of_writing(self, reader: CapReader) -> None:
        prefixed = a_cap_document().replace("</", "</c:").replace("<", "<c:").replace("<c:/c:", "</c:")
        prefixed = prefixed.replace("xmlns=", "xmlns:c=").replace(
            "rising &amp;", "<!-- quickly --><![CDATA[rising &]]>"
        )
        assert reader.read(prefixed.encode()) == reader.read(a_cap_document().encode())

    def test_a_signature_is_passed_over(self, reader: CapReader) -> None:
        signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature>'
        assert reader.read(a_cap_document(INFO + signature).encode()).content == "The river is rising & fast."

    @pytest.mark.parametrize(
        "name",
        [
            "identifier",
            "sender",
            "sent",
            "status",
            "msgType",
            "scope",
            "event",
            "urgency",
            "severity",
            "certainty",
            "areaDesc",
        ],
    )
    def test_what_cap_requires_must_be_there(self, reader: CapReader, name: str) -> None:
        with pytest.raises(CapUnreadable):
            reader.read(_without(name).encode())

    @pytest.mark.parametrize(
        ("written", "instead"),
        [
            ("<msgType>Alert", "<msgType>Rumour"),
            ("<status>Actual", "<status>actual"),
            ("<scope>Public", "<scope>Everybody"),
            ("<category>Met", "<category>Weather"),
            ("<urgency>Immediate", "<urgency>Now"),
            ("<sent>2026-11-03T10:00:00-00:00", "<sent>2026-11-03T10:00:00Z"),
            ("<sent>2026-11-03T10:00:00-00:00", "<sent>yesterday"),
            ("<expires>2026-11-04T00:00:00+01:00", "<expires>2026-02-30T00:00:00+01:00"),
            ("<expires>2026-11-04T00:00:00+01:00", "<expires>0001-01-01T00:00:00+14:00"),
            ("<expires>2026-11-04T00:00:00+01:00", "<expires>soon"),
            ("<identifier>4f6d28b1", "<identifier> "),
            ("<scope>", "<scope/><scope>"),
            ("<areaDesc>River Steeping", "<areaDesc>"),
            ("53.10569,0.24453 ", "53.10569 0.24453 "),
            ("53.10569,0.24453 ", "nan,inf "),
            ("53.10569,0.24453 ", "53.10569,0.24453,12 "),
            ("53.10569,0.24453 ", "53.10569, 0.24453 "),
            ("53.10569,0.24453 ", "\u0665\u0663,\u0661 "),
            ("<source>", "<source><b/>"),
            ("<source>", "<sauce/><source>"),
            ("<source>", '<source kind="x">'),
        ],
    )
    def test_what_is_no_cap_is_refused(self, reader: CapReader, written: str, instead: str) -> None:
        document = a_cap_document()
        assert written in document
        with pytest.raises(CapUnreadable):
            reader.read(document.replace(written, instead, 1).encode())

    def test_the_order_of_elements_is_part_of_cap(self, reader: CapReader) -> None:
        document = a_cap_document().replace("<scope>Public</scope>", "")
        with pytest.raises(CapUnreadable):
            reader.read(document.replace("<identifier>", "<scope>Public</scope><identifier>").encode())

    def test_an_empty_polygon_is_refused(self, reader: CapReader) -> None:
        area = "<area><areaDesc>Nowhere</areaDesc><polygon> </polygon></area>"
        with pytest.raises(CapUnreadable):
            reader.read(a_cap_document(INFO.replace(AREA, area)).encode())

    @pytest.mark.parametrize("references", ["one", "a,b", "a,b,c,d", "a,,c", "a@b.c, one, 2026-11-03T09:00:00-00:00"])
    def test_references_are_triples(self, reader: CapReader, references: str) -> None:
        with pytest.raises(CapUnreadable):
            reader.read(a_cap_document("", kind="Cancel", references=references).encode())

    def test_a_thousand_references_are_read_and_no_more(self, reader: CapReader) -> None:
        def document(count: int) -> bytes:
            return a_cap_document("", kind="Cancel", references="a,b,c " * count).encode()

        assert len(reader.read(document(1_000)).references) == 1_000
        with pytest.raises(CapUnreadable):
            reader.read(document(1_001))

    def test_fifty_thousand_points_are_read_and_no_more(self, reader: CapReader) -> None:
        def document(count: int) -> bytes:
            half = "<area><areaDesc>Sea</areaDesc><polygon>" + "1,2 " * (count // 2) + "</polygon></area>"
            return a_cap_document(INFO.replace(AREA, half + half)).encode()

        areas = reader.read(document(50_000)).areas
        assert sum(len(polygon) for area in areas for polygon in area.polygons) == 50_000
        with pytest.raises(PolygonRefused, match="more than 50,000 points"):
            reader.read(document(50_002))

    @pytest.mark.parametrize(
        "namespace", ["", "urn:oasis:names:tc:emergency:cap:1.1", "http://www.incident.com/cap/1.0", "urn:x"]
    )
    def test_another_namespace_is_refused(self, reader: CapReader, namespace: str) -> None:
        with pytest.raises(CapUnreadable):
            reader.read(a_cap_document(namespace=namespace).encode())

    @pytest.mark.parametrize(
        "document",
        [
            b"",
            b" ",
            b"{}",
            b"\x00\xff\xfe",
            b"<alert",
            b"<html/>",
            b"<a/><a/>",
            b"\xef\xbb\xbf",
            b'<?xml version="1.0" encoding="klingon"?><alert/>',
            b'<?xml version="1.0" encoding="utf-8"?><alert>\xff</alert>',
            b'<?xml version="1.0" encoding="utf-16"?><alert/>',
        ],
    )
    def test_what_is_no_xml_is_refused(self, reader: CapReader, document: bytes) -> None:
        with pytest.raises(CapUnreadable):
            reader.read(document)

    def test_cut_short_it_is_refused(self, reader: CapReader) -> None:
        document = a_cap_document().strip().encode()
        for length in range(0, len(document), 50):
            with pytest.raises(CapUnreadable):
                reader.read(document[:length])

    @pytest.mark.parametrize(
        "doctype",
        [
            "<!DOCTYPE alert>",
            '<!DOCTYPE alert SYSTEM "file:///etc/passwd">',
            '<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/cap.dtd">',
            '<!DOCTYPE alert [<!ENTITY who "me">]>',
            '<!DOCTYPE alert [<!ENTITY who SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE alert [<!ENTITY % more SYSTEM "file:///etc/passwd"> %more;]>',
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_a_document_type_is_refused(self, reader: CapReader, doctype: str, encoding: str) -> None:
        with pytest.raises(CapUnreadable):
            reader.read((doctype + a_cap_document()).encode(encoding))

    @pytest.mark.parametrize("where", ["<source>&j;", '<source kind="&j;">'])
    def test_an_entity_bomb_is_refused_at_once(self, reader: CapReader, where: str) -> None:
        entities = '<!ENTITY a "boom boom boom">' + "".join(
            f'<!ENTITY {name} "{f"&{chr(ord(name) - 1)};" * 10}">' for name in "bcdefghij"
        )
        document = f"<!DOCTYPE alert [{entities}]>" + a_cap_document().replace("<source>", where)
        began = time.monotonic()
        with pytest.raises(CapUnreadable):
            reader.read(document.encode())
        assert time.monotonic() - began < _SECONDS

    def test_an_external_entity_is_not_read(self, reader: CapReader) -> None:
        document = '<!DOCTYPE alert [<!ENTITY who SYSTEM "file:///etc/passwd">]>' + a_cap_document()
        with pytest.raises(CapUnreadable) as refused:
            reader.read(document.replace("<source>", "<source>&who;").encode())
        assert "root:" not in str(refused.value)

    def test_an_undefined_entity_is_refused(self, reader: CapReader) -> None:
        with pytest.raises(CapUnreadable):
            reader.read(a_cap_document().replace("<source>", "<source>&who;").encode())

    def test_hints_at_schemas_are_passed_over(self, reader: CapReader) -> None:
        hint = (
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x file:///dev/zero" '
            'xsi:noNamespaceSchemaLocation="http://127.0.0.1:9/x.xsd" xmlns='
        )
        assert reader.read(a_cap_document().replace("xmlns=", hint).encode()).identifier == "4f6d28b1"

    def test_an_inclusion_is_refused(self, reader: CapReader) -> None:
        include = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
        with pytest.raises(CapUnreadable):
            reader.read(a_cap_document(INFO + include).encode())

    @pytest.mark.parametrize("depth", [100, 50_000])
    def test_a_deep_document_is_refused(self, reader: CapReader, depth: int) -> None:
        deep = '<s:a xmlns:s="http://www.w3.org/2000/09/xmldsig#">' + "<s:a>" * depth + "</s:a>" * depth + "</s:a>"
        with pytest.raises(CapUnreadable):
            reader.read(a_cap_document(INFO + deep).encode())

    def test_a_document_of_more_than_5_million_bytes_is_refused(self, reader: CapReader) -> None:
        document = a_cap_document().encode()
        assert reader.read(document + b" " * (5_000_000 - len(document))).identifier == "4f6d28b1"
        with pytest.raises(CapUnreadable):
            reader.read(document + b" " * (5_000_001 - len(document)))

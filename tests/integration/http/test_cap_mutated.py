"""Whatever becomes of a good document: an answer in the published shape, and nothing kept of what is refused."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from notify_core.testing.contracts.cap_reader import NAMESPACE, a_cap_document

KNOWN = "www.gov.uk/environment-agency,4f6d28b1,2026-11-03T10:00:00-00:00"
NASTY = [
    *("", " ", "\t\n", "x" * 2_000, "ŵ" * 700, "\u200b", "\u202e", "\U0001f30a", "]]>", "&amp;", "-1", "1e999"),
    *("Alert", "Update", "Cancel", "Ack", "Exercise", "Actual"),
    *("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2030-01-01T00:00:00-00:00"),
    *("91,0 92,0 92,1 91,0", "53,0 54,1 54,0 53,1 53,0", "53,0 54,0 54,1 53,0", "53,0", "nan,nan", "1,2 " * 3_000),
    *(KNOWN, "a,b,c d,e,f"),
]
TAGS = ["alert", "info", "area", "polygon", "references", "description", "expires", "sent", "msgType", "x"]
PIECES = ["<", ">", "&", "<!--", "<![CDATA[", "<?", "\0", "<!DOCTYPE a>"]

texts = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
# What an XML library agrees to write.
written = texts.map(lambda text: text.replace("\ufffe", "").replace("\uffff", ""))
names = st.sampled_from(TAGS)
encodings = st.sampled_from(["utf-8", "utf-8", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp037"])


def say_something_else(data, element):
    element.text = data.draw(written)


def drop(_data, element):
    if element.getparent() is not None:
        element.getparent().remove(element)


def repeat(data, element):
    if element.getparent() is not None:
        for _ in range(data.draw(st.integers(1, 5))):
            element.addnext(etree.fromstring(etree.tostring(element)))


def rename(data, element):
    element.tag = f"{{{NAMESPACE}}}{data.draw(names)}"


def move_up(_data, element):
    parent = element.getparent()
    if parent is not None and parent.getparent() is not None:
        parent.getparent().append(element)


def add_child(data, element):
    etree.SubElement(element, f"{{{NAMESPACE}}}{data.draw(names)}").text = data.draw(written)


def add_attribute(data, element):
    element.set(data.draw(names), data.draw(written))


def leave_the_namespace(_data, element):
    element.tag = f"{{urn:x}}{etree.QName(element).localname}"


changes = st.sampled_from(
    [say_something_else, drop, repeat, rename, move_up, add_child, add_attribute, leave_the_namespace]
)


def change_elements(data, document):
    root = etree.fromstring(document)
    for _ in range(data.draw(st.integers(1, 3))):
        elements = list(root.iter(etree.Element))
        data.draw(changes)(data, elements[data.draw(st.integers(0, len(elements) - 1))])
    return etree.tostring(root, encoding="unicode")


def change_letters(data, document):
    for _ in range(data.draw(st.integers(1, 3))):
        at, length = data.draw(st.integers(0, len(document))), data.draw(st.integers(0, 12))
        document = document[:at] + data.draw(texts | st.sampled_from(PIECES)) + document[at + length :]
    return document


@pytest.fixture
def key(notify):
    return notify.key(notify.broadcasting_service(rate_limit=10**6))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_whatever_becomes_of_a_good_document_the_answer_is_ours(notify, key, kept, data):
    kind = data.draw(st.sampled_from(["Alert", "Alert", "Cancel", "Update"]))
    document = a_cap_document(kind=kind, references="" if kind == "Alert" else KNOWN)
    if data.draw(st.booleans()):
        document = change_elements(data, document)
    if data.draw(st.booleans()):
        document = change_letters(data, document)
    before = kept()

    body = document.encode(data.draw(encodings), "replace")
    answer = notify.post("/v2/broadcast", body, key, headers={"Content-Type": "application/cap+xml"})

    if answer.status_code == 201:
        assert answer.json["status"] in {"pending-approval", "rejected"}
        return
    assert answer.status_code in {400, 404}, answer.data
    assert set(answer.json) == {"status_code", "errors"}
    assert answer.json["status_code"] == answer.status_code
    assert all(set(error) == {"error", "message"} and error["message"] for error in answer.json["errors"])
    assert kept() == before

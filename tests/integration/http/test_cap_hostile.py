"""Documents by which somebody wants to harm us: a clear refusal in the published shape, at once, and nothing kept."""

import gzip
import re
import socket
import time

import pytest

from notify_core.testing.contracts.cap_reader import AREA, INFO, NAMESPACE, a_cap_document

PATH, CAP = "/v2/broadcast", "application/cap+xml"
INVALID = "Request data is not valid CAP XML"
CROSSES = "polygon 1 crosses itself"
GOOD = a_cap_document()
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SECONDS = 20.0  # on a busy machine; what is hostile here would take minutes or all the memory

REQUIRED = [
    *("identifier", "sender", "sent", "status", "msgType", "scope"),
    *("category", "event", "urgency", "severity", "certainty", "areaDesc"),
]


@pytest.fixture
def key(notify):
    return notify.key(notify.broadcasting_service(rate_limit=10**6))


@pytest.fixture
def post(notify, key):
    def submit(document, **headers):
        body = document.encode() if isinstance(document, str) else document
        return notify.post(PATH, body, key, headers={"Content-Type": CAP, **headers})

    return submit


@pytest.fixture
def refused(post, kept, errors_of):
    """Posts what must be refused; its only message."""

    def submit(document, kind="BadRequestError", **headers):
        before, began = kept(), time.monotonic()
        (message,) = errors_of(post(document, **headers), 400, kind)
        assert time.monotonic() - began < SECONDS
        assert kept() == before
        return message

    return submit


def with_type(declarations, document=GOOD):
    return f"<!DOCTYPE alert [{declarations}]>{document}"


def saying(text):
    return GOOD.replace("The river is rising &amp; fast.", text)


def around(polygon, more=""):
    area = f"<area><areaDesc>Marsh</areaDesc><polygon>{polygon}</polygon></area>{more}"
    return a_cap_document(INFO.replace(AREA, area))


def without(name):
    return re.sub(rf"<{name}>.*?</{name}>", "", GOOD, flags=re.DOTALL)


def deep(depth, *, closed=True):
    return "<s:a>" * depth + ("</s:a>" * depth if closed else "")


def signed(inside):
    return a_cap_document(INFO + f'<s:a xmlns:s="http://www.w3.org/2000/09/xmldsig#">{inside}</s:a>')


def points(count):
    return " ".join(["53.1,0.2", "53.2,0.2", *["53.2,0.3"] * (count - 3), "53.1,0.2"])


LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "' + f"&a{n - 1};" * 10 + '">' for n in range(1, 30))
ATTRIBUTES = " ".join(f"a{n}='x'" for n in range(100_000))

NO_CAP = {
    # Entities.
    "an entity": with_type('<!ENTITY e "Leave">', saying("&e;")),
    "an entity that nobody uses": with_type('<!ENTITY e "Leave">'),
    "an entity that nobody defined": saying("&e;"),
    "an external entity": with_type('<!ENTITY e SYSTEM "file:///etc/passwd">', saying("&e;")),
    "a parameter entity": with_type('<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;'),
    "a device as entity": with_type('<!ENTITY e SYSTEM "file:///dev/zero">', saying("&e;")),
    "an external type": '<!DOCTYPE alert SYSTEM "file:///dev/zero">' + GOOD,
    "a default for an attribute": with_type('<!ATTLIST alert colour CDATA "red">'),
    "a character that XML has not": saying("Leave&#0;now"),
    "another one": saying("Leave&#xFFFE;now"),
    "half a character": saying("Leave&#xD800;now"),
    "an inclusion": a_cap_document(
        INFO + '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
    ),
    # Bombs.
    "a billion laughs": with_type(LAUGHS, saying("&a29;")),
    "a billion laughs in an attribute": with_type(LAUGHS, GOOD.replace("<source>", '<source kind="&a29;">')),
    "one long entity, often": with_type(f'<!ENTITY a "{"x" * 100_000}">', saying("&a;" * 100_000)),
    "an entity of itself": with_type('<!ENTITY a "&b;"><!ENTITY b "&a;">', saying("&a;")),
    "attributes without end": GOOD.replace("<source>", f"<source {ATTRIBUTES}>"),
    "elements without end": signed("<s:a/>" * 500_000) + "<more/>",
    "compressed": gzip.compress(GOOD.encode()),
    "a long name": f"<{'a' * 4_000_000}/>",
    "a long namespace": a_cap_document(namespace="urn:" + "x" * 4_000_000),
    # Nesting.
    "a hundred deep": signed(deep(100)),
    "a hundred thousand deep": signed(deep(100_000)),
    "a million deep without an end": "<a>" * 1_000_000,
    "deep where nothing belongs": a_cap_document(deep(10_000, closed=False).replace("s:a", "info")),
    # Not this standard.
    "no namespace": a_cap_document(namespace=""),
    "the last version": a_cap_document(namespace=NAMESPACE.replace("1.2", "1.1")),
    "somebody else's": a_cap_document(namespace="urn:x"),
    "an info from elsewhere": GOOD.replace("<info>", '<info xmlns="urn:x">'),
    "in another order": without("scope").replace("<identifier>", "<scope>Public</scope><identifier>"),
    "twice in one": GOOD + GOOD,
    "more behind it": GOOD + "x",
    "nothing": " ",
    "JSON": '{"msgType": "Alert"}',
    "HTML": "<!doctype html><title>Alert</title>",
    # Other encodings.
    "not as it says": '<?xml version="1.0" encoding="utf-16"?>' + GOOD,
    "as nobody writes": '<?xml version="1.0" encoding="klingon"?>' + GOOD,
    "an encoding without end": f'<?xml version="1.0" encoding="{"a" * 1_000_000}"?>' + GOOD,
    "Latin 1 unsaid": saying("höchst").encode("latin-1"),
    "UTF-16 without its mark": GOOD.encode("utf-16-le"),
    "longer than needed": saying("Leave").encode().replace(b"Leave", b"\xc1\x8c\xc1\xa5ave"),
    "surrogates in UTF-8": saying("Leave").encode().replace(b"Leave", b"\xed\xa0\xbd\xed\xb8\x80"),
    "zeros": saying("Leave").encode().replace(b"Leave", b"Le\0ve"),
    "EBCDIC unsaid": GOOD.encode("cp037"),
    "a mark of another encoding": b"\xfe\xff" + GOOD.encode(),
    # Rings that cannot be read.
    "no pairs": around("north south"),
    "no numbers": around("nan,nan nan,nan nan,nan nan,nan"),
    "endless numbers": around("inf,0 0,0 0,1 inf,0"),
    "exponents": around("1e1,0 2e1,0 2e1,1 1e1,0"),
    "three coordinates": around("53,0,1 54,0,1 54,1,1 53,0,1"),
    "one coordinate": around("53 54 55 53"),
    "spaces in pairs": around("53, 0 54, 0 54, 1 53, 0"),
    "digits of elsewhere": around("\u0665\u0663,\u0660 \u0665\u0664,\u0660 \u0665\u0664,\u0661 \u0665\u0663,\u0660"),
    "an empty ring": around(" "),
    # Times.
    "a day that there is not": GOOD.replace("2026-11-04T00:00:00+01:00", "2026-02-30T00:00:00+01:00"),
    "before the first year": GOOD.replace("2026-11-04T00:00:00+01:00", "0001-01-01T00:00:00+14:00"),
    "after the last year": GOOD.replace("2026-11-04T00:00:00+01:00", "9999-12-31T23:59:59-14:00"),
    "a year beyond": GOOD.replace("2026-11-04T00:00:00+01:00", "99999-12-31T23:59:59-00:00"),
    # What must be there.
    **{f"no {name}": without(name) for name in REQUIRED},
    **{f"an empty {name}": GOOD.replace(f"<{name}>", f"<{name}></{name}><{name}>", 1) for name in REQUIRED},
}


@pytest.mark.parametrize("name", NO_CAP)
def test_3_what_is_no_cap(refused, name):
    assert refused(NO_CAP[name]) == INVALID


NO_ALERT = {
    "no info": (a_cap_document(""), "description is missing"),
    "no description": (without("description"), "description is missing"),
    "a blank description": (saying(" "), "description is missing"),
    "only what is not seen": (saying("\u200b\u200b"), "description is empty"),
    "no area": (a_cap_document(INFO.replace(AREA, "")), "area with a polygon is missing"),
    "no polygon": (
        a_cap_document(INFO.replace(AREA, "<area><areaDesc>Marsh</areaDesc></area>")),
        "area with a polygon is missing",
    ),
    "a circle": (
        a_cap_document(INFO.replace(AREA, "<area><areaDesc>Marsh</areaDesc><circle>53,0 9</circle></area>")),
        "area with a polygon is missing",
    ),
    "an open ring": (around("53,0 54,0 54,1 53,1"), "polygon 1 is not closed: its first and last points differ"),
    "almost closed": (
        around("53,0 54,0 54,1 53,0.0000001"),
        "polygon 1 is not closed: its first and last points differ",
    ),
    "a point": (around("53,0"), "polygon 1 has fewer than 4 points"),
    "a line": (around("53,0 54,0 53,0"), "polygon 1 has fewer than 4 points"),
    "a flat ring": (around("53,0 54,0 55,0 53,0"), CROSSES),
    "one point, often": (around("53,0 53,0 53,0 53,0"), CROSSES),
    "a bow tie": (around("53,0 54,1 54,0 53,1 53,0"), CROSSES),
    "a spike": (around("53,0 54,0 55,0 54,0 54,1 53,1 53,0"), CROSSES),
    "a loop that touches": (around("53,0 54,0 54,1 53.5,0 53,1 53,0"), CROSSES),
    "round it twice": (around("53,0 54,0 54,1 53,0 54,0 54,1 53,0"), CROSSES),
    "beyond a pole": (around("91,0 54,0 54,1 91,0"), "polygon 1 has a latitude outside -90 to 90"),
    "beyond the other": (around("-90.1,0 54,0 54,1 -90.1,0"), "polygon 1 has a latitude outside -90 to 90"),
    "round the world": (around("53,181 54,0 54,1 53,181"), "polygon 1 has a longitude outside -180 to 180"),
    "a number without end": (
        around(f"{'9' * 1_000_000},0 54,0 54,1 53,0"),
        "polygon 1 has a latitude outside -90 to 90",
    ),
    "the second is wrong": (
        around("53,0 54,0 54,1 53,0", "<area><areaDesc>x</areaDesc><polygon>53,0</polygon></area>"),
        "polygon 2 has fewer than 4 points",
    ),
    "too many polygons": (
        around("53,0 54,0 54,1 53,0</polygon><polygon>" * 1_000 + "53,0 54,0 54,1 53,0"),
        "there are more than 1,000 polygons",
    ),
    "too many points": (around(points(50_001)), "the polygons have more than 50,000 points"),
    "far too many points": (around("1,1 " * 1_000_000), "the polygons have more than 50,000 points"),
    "a long text": (saying("x" * 4_000_000), "description must be 1,395 characters or fewer"),
    "a long identifier": (GOOD.replace("4f6d28b1", "x" * 1_000_000), "reference must be 255 characters or fewer"),
    "a long sender": (
        GOOD.replace("www.gov.uk/environment-agency", "x" * 256),
        "sender must be 255 characters or fewer",
    ),
    "an acknowledgement": (a_cap_document(kind="Ack"), "msgType Ack is not one of [Alert, Cancel, Update]"),
    "an error": (a_cap_document(kind="Error"), "msgType Error is not one of [Alert, Cancel, Update]"),
    "a cancellation of nothing": (a_cap_document("", kind="Cancel"), "references is missing"),
    "an update of nothing": (a_cap_document(kind="Update"), "references is missing"),
}


@pytest.mark.parametrize("name", NO_ALERT)
def test_4_what_can_be_no_alert(refused, name):
    document, message = NO_ALERT[name]
    assert refused(document, "ValidationError") == message


@pytest.mark.parametrize("kind", ["Cancel", "Update"])
def test_5_references_without_number(post, refused, kind):
    assert post(GOOD).status_code == 201
    known = "www.gov.uk/environment-agency,4f6d28b1,2026-11-03T10:00:00-00:00 "

    assert refused(a_cap_document(kind=kind, references=known * 40_000).replace("4f6d28b1<", "7<")) == INVALID


def test_an_external_entity_is_not_fetched(refused):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/x"
        nobody.settimeout(0)
        for document in (
            with_type(f'<!ENTITY e SYSTEM "{address}">', saying("&e;")),
            with_type(f'<!ENTITY % e SYSTEM "{address}"> %e;'),
            f'<!DOCTYPE alert SYSTEM "{address}">{GOOD}',
            GOOD.replace(
                "<alert ",
                f'<alert xmlns:i="{XSI}" i:type="x" i:schemaLocation="x {address}" ',
            ),
        ):
            refused(document)
        with pytest.raises(BlockingIOError):
            nobody.accept()


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-32", None),
        ("utf-16", "utf-16"),
        ("latin-1", "iso-8859-1"),
    ],
)
def test_a_document_may_say_in_which_encoding_it_is(post, encoding, declared):
    text = (
        saying("Höchste Flut")
        if declared is None
        else f'<?xml version="1.0" encoding="{declared}"?>' + saying("Höchste Flut")
    )
    answer = post(text.encode(encoding))

    assert answer.status_code == 201, answer.data
    assert answer.json["content"] == "Höchste Flut"


@pytest.mark.parametrize("declared", ["utf-7", "utf-32", "cp037", "gb18030", "shift-jis", "iso-2022-jp"])
def test_rare_encodings_are_read_as_written_or_refused(post, kept, declared):
    before = kept()
    document = f'<?xml version="1.0" encoding="{declared}"?>' + GOOD
    answer = post(document.encode(declared.replace("utf-32", "utf-32-be")))

    if answer.status_code == 201:
        assert answer.json["content"] == "The river is rising & fast."
    else:
        assert (answer.status_code, answer.json["errors"][0]["message"]) == (400, INVALID)
        assert kept() == before

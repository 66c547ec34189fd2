"""What people read of the API, and programs."""

from html.parser import HTMLParser

import pytest


@pytest.fixture
def page(notify):
    answer = notify.request("GET", "/docs")
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    return answer


class Read(HTMLParser):
    """What assistive technology looks for in a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.identities, self.links, self.headings, self.loaded = [], [], [], [], []
        self.rows = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append(tag)
        if "id" in given:
            self.identities.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if tag == "th":
            assert given["scope"] in {"col", "row"}
        if tag == "html":
            assert given["lang"] == "en"
        self.loaded += [given[name] for name in ("src", "srcset") if name in given]


@pytest.fixture
def read(page):
    return Read(page.text)


def test_it_describes_every_operation(notify, page):
    document = notify.request("GET", "/openapi.json").json
    for path, methods in document["paths"].items():
        assert f"</span> {path}</p>" in page.text
        for operation in methods.values():
            assert operation["operationId"].replace(".", "-").replace("_", "-") in page.text
    for name in document["components"]["schemas"]:
        assert f'<h3 id="schema-{name}">' in page.text
    for header in ("Idempotency-Key", "Retry-After", "X-B3-TraceId"):
        assert f"<code>{header}</code>" in page.text


def test_it_needs_no_script_and_nothing_from_elsewhere(page, read):
    assert not {"script", "link", "img", "iframe", "object"} & set(read.tags)
    assert read.loaded == []
    assert "url(" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_it_can_be_read_without_seeing_it(read):
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(read.headings, read.headings[1:], strict=False))
    assert read.tags.count("table") == read.tags.count("caption")
    assert {"main", "nav", "header", "title"} <= set(read.tags)
    assert read.links[0] == "#content"


def test_its_links_lead_somewhere(read):
    assert len(set(read.identities)) == len(read.identities)
    assert {link for link in read.links if link.startswith("#")} <= {f"#{one}" for one in read.identities}
    assert {link for link in read.links if not link.startswith("#")} == {"openapi.json"}


def test_both_are_made_once(notify, page):
    made = notify.app.extensions["documentation"]
    before = made.page, made.written
    assert notify.request("GET", "/docs").text == page.text == before[0]
    assert made.page is before[0]
    assert made.written is before[1]
    assert made.document["servers"] == [{"url": "http://notify.test"}]

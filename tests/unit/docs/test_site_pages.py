"""What the site makes of our pages: diagrams drawn without a script, links that lead to its own pages."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def site(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import site_pages

    yield site_pages
    sys.modules.pop("site_pages")


def on(uri):
    return SimpleNamespace(file=SimpleNamespace(src_uri=uri))


@pytest.mark.parametrize(
    ("page", "written", "shown"),
    [
        ("files.md", "[how](letters.md#sending)", "[how](letters.md#sending)"),
        ("adr/0001-record-decisions.md", "[words](../../GLOSSARY.md)", "[words](../glossary.md)"),
        ("production.md", "[SECURITY.md](../SECURITY.md)", "[SECURITY.md](reporting.md)"),
        ("reporting.md", "[model](docs/security.md)", "[model](security.md)"),
        ("letters.md", "[licence](../notify_adapters/letter_renderer/fonts/OFL.txt)", "licence"),
        ("letters.md", "[out](https://example.com/x.md)", "[out](https://example.com/x.md)"),
        ("letters.md", "[below](#below)", "[below](#below)"),
    ],
)
def test_links(site, page, written, shown):
    assert site.on_page_markdown(written, page=on(page)) == shown


def test_a_diagram_becomes_a_list_of_moves(site):
    page = (ROOT / "docs" / "states" / "job.md").read_text(encoding="utf-8")

    shown = site.on_page_markdown(page, page=on("states/job.md"))

    assert "mermaid" not in shown
    assert (
        '<dt class="begins"><span id="state-s0">scheduled</span></dt>\n<dd>due → <a href="#state-s1">pending' in shown
    )
    assert '<dt class="ends"><span id="state-s3">finished</span></dt>\n<dt' in shown
    assert "\n## Every pair\n" in shown


def test_the_reference_has_every_port_and_use_case(site):
    pages = site.reference()

    named = {
        line.removeprefix("::: ") for page in pages.values() for line in page.splitlines() if line.startswith(":::")
    }
    assert "notify_core.ports.task_queue" in named
    assert "notify_core.notifications.ports.suppliers" in named
    assert "notify_core.letters.use_cases.accepting.templated" in named
    assert not [name for name in named if name.endswith("__init__")]


def test_a_docstring_names_what_it_means_without_its_markup(site):
    shown = site.on_page_content(
        "<p>As :meth:<code>get</code>, or :class:<code>~core.errors.Conflict</code>: <code>a:b</code></p>"
    )

    assert shown == "<p>As <code>get</code>, or <code>Conflict</code>: <code>a:b</code></p>"

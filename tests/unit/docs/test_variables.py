"""Every variable that README and docs name is one, and each may be named: a wrong name would stop the start."""

import re
from pathlib import Path

import pytest

from notify_entrypoints.plugins import installed, load_build, option_names
from notify_entrypoints.settings.variables import PORTS, VARIABLES

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / name for name in ("README.md", "SECURITY.md", "GLOSSARY.md", "CHANGELOG.md")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
NAME = re.compile(r"NOTIFY_[A-Z0-9_]*[A-Z0-9]")

# The tests' own, and those of the adapter that a page makes.
OTHERS = ("NOTIFY_TEST", "NOTIFY_SMS_PIGEON_")


def known():
    options = {
        port.prefix(adapter) + option.upper()
        for port in PORTS
        for adapter in installed(port.group)
        for option in option_names(load_build(port.group, adapter)) or {}
    }
    return options | {port.variable for port in PORTS} | {variable.name for variable in VARIABLES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_there_is(page):
    named = {name for name in NAME.findall(page.read_text(encoding="utf-8")) if not name.startswith(OTHERS)}
    assert sorted(named - known()) == []

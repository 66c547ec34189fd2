"""Each defence and each limit on the page about security names tests that there are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:unit|integration)/[\w/]+\.py)(?:::(\w+))?`", PAGE)))
TABLES = {
    title: [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")][2:]
    for title, text in re.findall(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}


@pytest.mark.parametrize(("file", "test"), NAMED, ids=lambda part: part or "all")
def test_what_is_named_there_is(file, test):
    text = (ROOT / "tests" / file).read_text(encoding="utf-8")
    assert f"def {test or 'test_'}" in text


@pytest.mark.parametrize("title", ["What defends", "Limits on every input"])
def test_every_row_names_a_test(title):
    assert len(TABLES[title]) > 15
    assert [row[0] for row in TABLES[title] if not re.search(r"`(unit|integration)/", row[-1])] == []

"""The page on letters has every reason why an upload is refused, as senders get to see it."""

from pathlib import Path

from notify_core.letters.policies import MESSAGES

PAGE = (Path(__file__).parents[3] / "docs" / "letters.md").read_text(encoding="utf-8")


def test_the_table_is_that_of_the_code():
    table = [line for line in PAGE.splitlines() if line.startswith("| `")]
    rows = [f"| `{flaw.value}` | {message} |" for flaw, message in MESSAGES.items()]
    assert [row for row in rows if row not in table] == []

"""Whoever is unwell takes what the trouble lets them take, and says so only where it lets them."""

import json

import pytest

from chaos.players import Answer, Player, Request
from chaos.records import Records
from chaos.trouble import TIME_OUT, Trouble, wait_of

ASKED = Request("POST", "/", {}, b"")


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "taken.jsonl")


@pytest.fixture
def player(records):
    return Player("somebody", records, lambda _: Answer(taken=records.take("somebody", "a-text")), wait=lambda _: 0.0)


@pytest.mark.parametrize(
    ("trouble", "status", "in_time"),
    [
        (Trouble.NONE, 200, True),
        (Trouble.SLOW, 200, True),
        (Trouble.LATE, 200, False),
        (Trouble.CUT, None, False),
    ],
)
def test_what_is_taken(player, records, trouble, status, in_time):
    answer = player.respond(ASKED, trouble)
    assert (answer and answer.status) == status
    assert [(one.key, one.answered) for one in records.all()] == [("a-text", in_time)]


@pytest.mark.parametrize(("trouble", "status"), [(Trouble.ERRORS, 503), (Trouble.REFUSING, None)])
def test_what_is_not_taken(player, records, trouble, status):
    answer = player.respond(ASKED, trouble)
    assert (answer and answer.status) == status
    assert records.all() == []


def test_late_is_behind_the_time_out_and_slow_is_not():
    assert wait_of(Trouble.LATE) > TIME_OUT > wait_of(Trouble.SLOW) > 0
    assert wait_of(Trouble.NONE) == 0


def test_what_was_taken_can_be_read_when_everything_else_is_gone(player, records, tmp_path):
    player.respond(ASKED, Trouble.NONE)
    written = [json.loads(line) for line in (tmp_path / "taken.jsonl").read_text().splitlines()]
    assert [(one["key"], one["answered"]) for one in written] == [("a-text", False), ("a-text", True)]

"""On which line of a TOML or JSON file something stands, so that a mistake is found by looking there.

The parsers of the standard library do not say it. So this reads just enough of the formats for that: where it loses
its way (a table written inline, say), the answer is the line of what surrounds it.
"""

import re
from collections.abc import Iterator
from json import JSONDecodeError
from json.decoder import JSONDecoder

Step = str | int
Path = tuple[Step, ...]

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*([A-Za-z0-9_.-]+|"[^"]+"|'[^']+')\s*=""")
_SPACE = re.compile(r"[\s,:]*")


def line_of(text: str, pointer: str, *, json: bool) -> int | None:
    """The line, counted from 1, of ``pointer`` (such as ``services[0].name``) or of the nearest thing around it."""
    wanted: Path = tuple(key or int(index) for key, index in _STEP.findall(pointer))
    lines = dict(reversed(list(_json_lines(text) if json else _toml_lines(text))))
    for length in range(len(wanted), 0, -1):
        if wanted[:length] in lines:
            return lines[wanted[:length]]
    return None


def _toml_lines(text: str) -> Iterator[tuple[Path, int]]:
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _inside(header[2], counts)
            yield table, number
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
                yield table, number
        elif key := _KEY.match(line):
            yield (*table, *_keys(key[1])), number


def _inside(header: str, counts: dict[Path, int]) -> Path:
    """The path that a header's keys mean: those before the last stand for the latest table of their list."""
    path: Path = ()
    for key in _keys(header):
        if path in counts:
            path = (*path, counts[path])
        path = (*path, key)
    return path


def _keys(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _json_lines(text: str) -> Iterator[tuple[Path, int]]:
    try:
        for path, position in _Scanner(text).value((), 0):
            yield path, text.count("\n", 0, position) + 1
    except (JSONDecodeError, IndexError):
        return


class _Scanner:
    """Walks a document that has been parsed before, so it need not be told what is no JSON."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._decoder = JSONDecoder()
        self._end = 0

    def value(self, path: Path, at: int) -> Iterator[tuple[Path, int]]:
        at = self._skip(at)
        yield path, at
        if self._text[at] in "{[":
            yield from self._members(path, at + 1, keyed=self._text[at] == "{")
        else:
            self._end = self._decoder.raw_decode(self._text, at)[1]

    def _members(self, path: Path, at: int, *, keyed: bool) -> Iterator[tuple[Path, int]]:
        index = 0
        while self._text[at := self._skip(at)] not in "}]":
            step: Step = index
            if keyed:
                step, at = self._decoder.raw_decode(self._text, at)
            yield from self.value((*path, step), at)
            at, index = self._end, index + 1
        self._end = at + 1

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

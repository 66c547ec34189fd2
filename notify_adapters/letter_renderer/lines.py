"""Breaking texts into lines."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

from notify_adapters.letter_renderer.faces import BOLD, REGULAR, Face, printable

# Where a word that is longer than a line, an address of a web page as a rule, is broken if there is a choice.
_BREAK_AFTER: Final = frozenset("/?&=-._@+,;:")


class Run(NamedTuple):
    """Text of one face, made printable."""

    text: str
    bold: bool = False

    @property
    def face(self) -> Face:
        return BOLD if self.bold else REGULAR


Line = tuple[Run, ...]

_SPACE: Final = Run(" ")


def plain(text: str) -> Line:
    """A whole text in the regular face."""
    return (Run(printable(text)),)


def width_of(runs: Iterable[Run], size: float) -> float:
    """In points."""
    return sum(run.face.width(run.text, size) for run in runs)


def wrap(runs: Iterable[Run], size: float, width: float) -> Iterator[Line]:
    """The lines, each at most ``width`` points wide, that the words of ``runs`` fill. None for no words."""
    blank = width_of([_SPACE], size)
    line: list[Run] = []
    used = 0.0
    for word in _words(runs):
        needed = width_of(word, size)
        pieces = [(word, needed)] if needed <= width else _broken(word, size, width)
        for number, (piece, length) in enumerate(pieces):
            if line and (number or used + blank + length > width):
                yield _joined(line)
                line, used = [], 0.0
            if line:
                line.append(_SPACE)
                used += blank
            line += piece
            used += length
    if line:
        yield _joined(line)


def _words(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """What stands between blanks; a word may begin in one face and end in another."""
    word: list[Run] = []
    for run in runs:
        first, *others = run.text.split(" ")
        if first:
            word.append(Run(first, run.bold))
        for text in others:
            if word:
                yield word
            word = [Run(text, run.bold)] if text else []
    if word:
        yield word


def _broken(word: list[Run], size: float, width: float) -> list[tuple[list[Run], float]]:
    """The pieces of a word that is longer than a line, with their lengths."""
    characters = [Run(character, run.bold) for run in word for character in run.text]
    lengths = [width_of([character], size) for character in characters]
    pieces = []
    start = 0
    while start < len(characters):
        end = _end(characters, lengths, start, width)
        pieces.append((characters[start:end], sum(lengths[start:end])))
        start = end
    return pieces


def _end(characters: list[Run], lengths: list[float], start: int, width: float) -> int:
    """Where the piece ends that begins at ``start``."""
    end, used = start, 0.0
    while end < len(characters) and (used + lengths[end] <= width or end == start):
        used += lengths[end]
        end += 1
    if end == len(characters):
        return end
    # A break where the word has a joint, unless the line would be half empty.
    for joint in range(end, start + (end - start) // 2, -1):
        if characters[joint - 1].text in _BREAK_AFTER:
            return joint
    return end


def _joined(line: Iterable[Run]) -> Line:
    """As few runs as possible."""
    return tuple(
        Run("".join(run.text for run in same), is_bold) for is_bold, same in groupby(line, key=lambda run: run.bold)
    )

"""One table of what all benchmarks measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import Figure, Section, table

HEAD = ("figure", "measured", "baseline, same run", "share", "to hold", "holds")


@dataclass(frozen=True)
class Outcome:
    """Of one program; ``failure``: why it did not end well, empty where it did."""

    program: str
    figures: Sequence[Figure]
    sections: Sequence[Section]
    seconds: float
    failure: str = ""


def report(about: Mapping[str, str], outcomes: Sequence[Outcome]) -> str:
    """Markdown. ``about``: what was measured on."""
    rows: list[tuple[str, ...]] = []
    for outcome in outcomes:
        rows += [(figure.name, *figure.cells) for figure in outcome.figures]
        if outcome.failure:
            rows.append((f"`{outcome.program}` {outcome.failure}", "", "", "", "", "**failed**"))
    parts = [
        "# Measured",
        "\n".join(f"* {name}: {value}" for name, value in about.items()),
        table(HEAD, rows),
        _summary(outcomes),
    ]
    parts += [f"## {section.title}\n\n{section.text}" for outcome in outcomes for section in outcome.sections]
    return "\n\n".join(parts)


def _summary(outcomes: Sequence[Outcome]) -> str:
    held = [figure.holds for outcome in outcomes for figure in outcome.figures]
    failed = sum(bool(outcome.failure) for outcome in outcomes)
    took = ", ".join(f"{outcome.program} {outcome.seconds:.0f} s" for outcome in outcomes)
    return (
        f"{held.count(True)} of {held.count(True) + held.count(False)} bounds hold; {failed} programs failed.\n\n"
        f"Took {sum(outcome.seconds for outcome in outcomes) / 60:.0f} minutes: {took}."
    )

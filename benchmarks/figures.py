"""What a benchmark measured, as data: printed, and told to ``python -m benchmarks``, which makes one table of all."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# The file that whoever started the program wants its figures in.
FILE = "BENCH_FIGURES"


@dataclass(frozen=True)
class Figure:
    """``baseline`` was measured in the same run and has the same unit; ``share``, where it is not the one over the
    other, is the median over pairs. ``least`` and ``most`` are bounds of the value, the others of the share."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    share: float | None = None
    least: float | None = None
    most: float | None = None
    least_share: float | None = None
    most_share: float | None = None

    @property
    def of_baseline(self) -> float | None:
        """The share, given or reckoned."""
        if self.share is None and self.baseline:
            return self.value / self.baseline
        return self.share

    @property
    def holds(self) -> bool | None:
        """Whether it is within its bounds; None: it has none."""
        bounds = [
            (self.value, self.least, self.most),
            (self.of_baseline, self.least_share, self.most_share),
        ]
        kept = [
            value is not None and (least is None or value >= least) and (most is None or value <= most)
            for value, least, most in bounds
            if (least, most) != (None, None)
        ]
        return all(kept) if kept else None

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """Its line of the table, behind its name: measured, baseline, share, bounds, whether they hold."""
        unit = f" {self.unit}" if self.unit else ""
        return (
            number(self.value) + unit,
            "" if self.baseline is None else number(self.baseline) + unit,
            "" if self.of_baseline is None else f"{self.of_baseline:.0%}",
            ", ".join(self._bounds()),
            {None: "", True: "yes", False: "**missed**"}[self.holds],
        )

    def __str__(self) -> str:
        measured, baseline, share, bounds, holds = self.cells
        words = [f"{self.name}: {measured}"]
        words += [f"baseline {baseline}"] * bool(baseline) + [f"share {share}"] * bool(share)
        words += [f"to hold: {bounds} ({holds.strip('*')})"] * bool(bounds)
        return "; ".join(words)

    def _bounds(self) -> list[str]:
        said = [f"≥ {number(self.least)}"] if self.least is not None else []
        said += [f"≤ {number(self.most)}"] if self.most is not None else []
        said += [f"≥ {self.least_share:.0%}"] if self.least_share is not None else []
        return said + ([f"≤ {self.most_share:.0%}"] if self.most_share is not None else [])


@dataclass(frozen=True)
class Section:
    """What is not one figure: a table or plans, in Markdown."""

    title: str
    text: str


def tell(*figures: Figure) -> None:
    for figure in figures:
        print(f"  {figure}", flush=True)
        _write({"figure": asdict(figure)})


def tell_more(section: Section) -> None:
    print(f"{section.title}\n\n{section.text}", flush=True)
    _write({"section": asdict(section)})


def read(file: Path) -> tuple[list[Figure], list[Section]]:
    """What a program told."""
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    figures = [Figure(**one["figure"]) for one in told if "figure" in one]
    return figures, [Section(**one["section"]) for one in told if "section" in one]


def number(value: float) -> str:
    """With three digits or so."""
    if float(value).is_integer() or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown; all columns but the first are numbers."""
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _write(line: Mapping[str, Any]) -> None:
    if file := os.environ.get(FILE):
        with Path(file).open("a", encoding="utf-8") as told:
            told.write(json.dumps(line) + "\n")

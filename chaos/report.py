"""What a run tells, in Markdown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chaos.checks import Seen
from chaos.duplicates import by_cause, duplicates
from chaos.faults import Fault


@dataclass(frozen=True)
class Figures:
    """``broadcasts`` counts what was approved, by its type; times are in seconds."""

    seed: int
    machine: str
    load: float
    drain: float
    again: int
    broadcasts: Mapping[str, int]
    network_repeats: int
    replayed: int


def report(seen: Seen, figures: Figures, found: Sequence[str]) -> str:
    lost = sum(one.startswith("LOST") for one in found)
    parts = [
        f"# Chaos run {figures.seed}",
        f"**{len(found) or 'No'} violations, {lost} lost.** {figures.machine}.",
        f"Load and faults for {figures.load:.0f} s, drained in {figures.drain:.0f} s.",
        "## Violations" if found else "",
        "\n".join(f"* {one}" for one in found),
        "## Accepted",
        _table("what", {**_accepted(seen), **figures.broadcasts}),
        f"{figures.again:,} requests were sent again. {figures.replayed} broadcasts were replayed by the operator.",
        "## Visibly failed",
        _table("what", seen.visibly_failed()) or "Nothing.",
        "## Got twice by somebody outside, and why",
        _table("who, why", by_cause(duplicates(seen.taken, seen.faults))) or "Nothing.",
        f"Networks heard {figures.network_repeats} broadcasts again and took them for what they are.",
        "## Faults",
        _table("what", Counter(f"{fault.target} {fault.kind}" for fault in seen.faults)),
        "\n".join(map(_line, sorted(seen.faults, key=lambda one: one.began))),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _accepted(seen: Seen) -> Mapping[str, int]:
    counts = Counter(f"{one.kind}s" for one in seen.accepted)
    counts["texts of jobs"] = sum(one.rows for one in seen.accepted)
    counts["tickets"] = len(seen.tickets)
    return counts


def _table(what: str, counts: Mapping[str, int]) -> str:
    rows = [f"| {name} | {count:,} |" for name, count in sorted(counts.items())]
    return "\n".join([f"| {what} | how many |", "| --- | --- |", *rows]) if rows else ""


def _line(fault: Fault) -> str:
    began = datetime.fromtimestamp(fault.began, UTC)
    note = f", {fault.note}" if fault.note else ""
    return f"* {began:%H:%M:%S.%f} {fault.target} {fault.kind}, {fault.ended - fault.began:.1f} s{note}"

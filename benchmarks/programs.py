"""The programs of ``make bench``, each with the settings that fit them into half an hour together."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Program:
    """A module and its arguments. ``tiny`` are settings that show whether it runs, and measure nothing; ``patience``
    is how many seconds it may take."""

    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    tiny: Mapping[str, str] = field(default_factory=dict)
    patience: float = 600

    @property
    def module(self) -> str:
        return self.name.split()[0]

    @property
    def arguments(self) -> list[str]:
        return self.name.split()[1:]


_FEW_ROWS = {"BENCH_ROWS": "400", "BENCH_ROUNDS": "1"}
_FEW_REQUESTS = {"BENCH_SECONDS": "2", "BENCH_ROUNDS": "1"}
_ALERTS = {"BENCH_ALERTS": "200"}
_JOB = {"BENCH_ROWS": "5000"}

PROGRAMS = (
    Program("post_sms", tiny=_FEW_REQUESTS),
    Program("get_notification", tiny=_FEW_REQUESTS),
    Program("list_notifications", {"BENCH_ROWS": "1000,1000000"}, {"BENCH_ROWS": "100,1000"}),
    Program("ledger_rate", tiny=_FEW_ROWS),
    Program("delivery_rate", tiny=_FEW_ROWS),
    Program("job_rows", tiny=_FEW_ROWS),
    Program("fairness", {"BENCH_ROWS": "60000"}, {"BENCH_ROWS": "4000", "BENCH_SINGLES": "3"}),
    Program("render_letters", tiny={"BENCH_LETTERS": "20"}),
    Program("collate_letters", tiny={"BENCH_LETTERS": "2000"}),
    Program("zip_letters", tiny={"BENCH_ROUNDS": "1"}),
    Program("metrics_cost", tiny={"BENCH_ROUNDS": "500"}),
    Program("growth", tiny={"BENCH_SIZES": "1000,2000", "BENCH_TRIES": "2"}, patience=1200),
    Program("slowest_queries", tiny={"BENCH_ROWS": "2000", "BENCH_ROUNDS": "1"}),
    Program("memory", tiny={"BENCH_ROWS": "40"}),
    Program("broadcast_latency", tiny={"BENCH_ALERTS": "2"}),
    Program("broadcast_drain embedded", _ALERTS, {"BENCH_ALERTS": "8"}, patience=1500),
    Program("broadcast_drain celery", _ALERTS, {"BENCH_ALERTS": "8"}, patience=1500),
    Program("job_drain embedded", _JOB, {"BENCH_ROWS": "200"}, patience=1500),
    Program("job_drain celery", _JOB, {"BENCH_ROWS": "200"}, patience=1500),
)


def chosen(names: list[str]) -> list[Program]:
    """Those of these names (``job_drain``: in every mode), all where none is given.

    :raises SystemExit: one is unknown.
    """
    known = {program.module for program in PROGRAMS} | {program.name for program in PROGRAMS}
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"no benchmark is called {', '.join(unknown)}; there are: {', '.join(sorted(known))}")
    return [one for one in PROGRAMS if not names or one.name in names or one.module in names]

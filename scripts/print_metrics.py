"""Print docs/metrics.md and monitoring/statsd-exporter.yml from the table of metrics, or check that they agree."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from notify_core.registry.metric_names import BUCKETS, METRICS, MetricName

PAGE, MAPPING = Path("docs/metrics.md"), Path("monitoring/statsd-exporter.yml")

# What stands before every name: {environment}.notifications.{app}
PREFIX = "*.notifications.*"
FIRST_PART = 3

INTRODUCTION = """# Metrics

What the platform measures of itself. The first name is what StatsD is told, under
`{environment}.notifications.{app}.` or the prefix given; the second is what Prometheus reads, with the parts in braces
as labels. Both are printed from the code. How to have them is in [operations](operations.md#metrics).

| StatsD | kind | Prometheus | what it is |
| --- | --- | --- | --- |
"""

HEADER = """# Made by scripts/print_metrics.py. What Notify tells StatsD, as the series that it serves to Prometheus
# itself, so that one dashboard is for both. For NOTIFY_METRICS_PREFIX change the beginnings of the matches.
"""


def page() -> str:
    return INTRODUCTION + "".join(f"{_row(metric)}\n" for metric in METRICS)


def _row(metric: MetricName) -> str:
    labels = [*metric.parts, *(f'{label}="{value}"' for label, value in metric.labels.items())]
    series = metric.series + (f"{{{', '.join(labels)}}}" if labels else "")
    return f"| `{metric.name}` | {metric.kind} | `{series}` | {metric.says} |"


def mapping() -> str:
    return HEADER + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "defaults:"
    yield "  observer_type: histogram"
    yield "  histogram_options:"
    yield f"    buckets: [{', '.join(f'{bound:g}' for bound in BUCKETS)}]"
    yield "mappings:"
    yield "  # The names of before, which say the same again."
    yield f'  - match: "{PREFIX}.tasks.*"'
    yield "    name: dropped"
    yield "    action: drop"
    for metric in METRICS:
        yield f'  - match: "{PREFIX}.{re.sub(r"{[a-z]+}", "*", metric.name)}"'
        yield f"    name: {metric.series}"
        yield f'    help: "{metric.says}"'
        yield "    labels:"
        yield "      environment: $1"
        yield "      app: $2"
        for place, part in enumerate(metric.parts, FIRST_PART):
            yield f"      {part}: ${place}"
        for label, value in metric.labels.items():
            yield f"      {label}: {value}"


def main(arguments: list[str]) -> int:
    wrong = 0
    for path, text in ((PAGE, page()), (MAPPING, mapping())):
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != text:
            print(f"{path} differs from the code: run `make pages`")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

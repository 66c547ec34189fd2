"""Metrics: what the code tells, the table, and the pages, mappings and dashboards made of it are the same names."""

import ast
import json
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

import notify_core
import notify_entrypoints
from notify_core.registry.metric_names import BUCKETS, METRICS, Kind, find

MONITORING = Path(notify_core.__file__).parent.parent / "monitoring"
TOLD = {"count": Kind.COUNTER, "timing": Kind.TIMING, "gauge": Kind.GAUGE}
MODULES = [
    path
    for package in (notify_core, notify_entrypoints)
    for path in Path(package.__file__).parent.rglob("*.py")
    if "testing" not in path.parts
]


def told():
    """(kind, name with * where the code fills in) of each metric that the code tells."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=receiver, attr=("count" | "timing" | "gauge") as verb)):
                    if ast.unparse(receiver).endswith("metrics"):
                        yield TOLD[verb], name_of(node.args[0], path)


def name_of(argument, path):
    match argument:
        case ast.Constant(value=str(name)):
            return name
        case ast.JoinedStr(values=values):
            return "".join(value.value if isinstance(value, ast.Constant) else "*" for value in values)
    raise AssertionError(f"{path}:{argument.lineno}: a metric's name is written where it is told, to be found")


def may_be(metric, kind, pattern):
    name = re.sub(r"\{\w+\}", "*", metric.name)
    alike = fnmatchcase(name, pattern) or fnmatchcase(pattern, name)
    return metric.kind is kind and alike and name.count(".") == pattern.count(".")


def test_each_metric_that_the_code_tells_is_in_the_table():
    found = set(told())
    assert len(found) > 15
    assert {one for one in found if not any(may_be(metric, *one) for metric in METRICS)} == set()


def test_each_metric_of_the_table_is_told_by_the_code():
    found = set(told())
    assert [metric.name for metric in METRICS if not any(may_be(metric, *one) for one in found)] == []


SERIES = {metric.series: metric for metric in METRICS}
MAPPING = yaml.safe_load((MONITORING / "statsd-exporter.yml").read_text(encoding="utf-8"))
PANELS = json.loads((MONITORING / "grafana-dashboard.json").read_text(encoding="utf-8"))["panels"]
QUERIES = [(target["expr"], target["legendFormat"]) for panel in PANELS for target in panel.get("targets", ())]


def exported(name):
    """What the StatsD exporter makes of a name: the first rule that it fits, a * being one word. None: dropped."""
    for rule in MAPPING["mappings"]:
        found = re.fullmatch(re.escape(rule["match"]).replace(r"\*", "([^.]+)"), name)
        if found and rule.get("action") == "drop":
            return None
        if found:
            return rule["name"], {
                label: found.expand(value.replace("$", "\\")) for label, value in rule["labels"].items()
            }
    raise AssertionError(f"no rule for {name}")


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_the_exporter_makes_of_each_metric_what_we_serve_ourselves(metric):
    name = metric.name.format_map({part: f"a-{part}" for part in metric.parts})
    ours, labels = find(name, metric.kind)
    assert ours is metric
    assert exported(f"live.notifications.worker.{name}") == (
        metric.series,
        {"environment": "live", "app": "worker", **labels},
    )


def test_the_exporter_drops_what_old_names_say_again():
    assert exported("live.notifications.worker.tasks.deliver_sms") is None


def test_the_exporter_makes_no_series_that_there_is_not():
    assert {rule["name"] for rule in MAPPING["mappings"] if "action" not in rule} == SERIES.keys()
    assert MAPPING["defaults"]["observer_type"] == "histogram"
    assert MAPPING["defaults"]["histogram_options"]["buckets"] == list(BUCKETS)


@pytest.mark.parametrize(("query", "legend"), QUERIES)
def test_the_dashboard_asks_for_series_that_there_are_by_labels_that_they_have(query, legend):
    (asked,) = set(re.findall(r"notify_\w+", query))
    metric = SERIES.get(re.sub("_(bucket|count|sum)$", "", asked))
    assert metric is not None, asked
    # A histogram is asked for by a part of it, a counter by how it grows.
    assert (asked != metric.series) == (metric.kind is Kind.TIMING)
    assert ("rate(" in query or "increase(" in query) == (metric.kind is not Kind.GAUGE)
    grouped = {label for by in re.findall(r"by \(([^)]*)\)", query) for label in by.split(", ")}
    filtered = set(re.findall(r"(\w+)=", query))
    shown = set(re.findall(r"{{(\w+)}}", legend))
    assert grouped | filtered | shown <= {*metric.label_names, *(["le"] if metric.kind is Kind.TIMING else [])}
    assert shown <= grouped


def test_the_dashboard_shows_what_operators_have_to_look_at():
    assert len(QUERIES) > 15
    wanted = {"notify_ledger_lag_seconds", "notify_task_failures_total", "notify_broadcast_integrity_errors_total"}
    assert wanted <= set(re.findall(r"notify_\w+", " ".join(query for query, _ in QUERIES)))

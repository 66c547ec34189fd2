"""Metrics: what the code tells, the table, and the pages, mappings and dashboards made of it are the same names."""

import ast
import re
from fnmatch import fnmatchcase
from pathlib import Path

import notify_core
import notify_entrypoints
from notify_core.registry.metric_names import METRICS, Kind

ROOT = Path(notify_core.__file__).parent.parent
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

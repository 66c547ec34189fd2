"""The rules of the architecture page that concern modules and packages."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from itertools import chain
from pathlib import Path
from statistics import median

import pytest

import notify_adapters
import notify_core
import notify_entrypoints

ROOT = Path(notify_core.__file__).parent.parent
PACKAGES = (notify_core, notify_adapters, notify_entrypoints)
MODULES = [path for package in PACKAGES for path in Path(package.__file__ or "").parent.rglob("*.py")]
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_module_is_longer_than_400_lines():
    assert {str(path): length(path) for path in MODULES if length(path) > LONGEST_MODULE} == {}


def test_the_median_module_is_shorter_than_100_lines():
    assert median(length(path) for path in MODULES if length(path) > 1) < 100


def test_no_function_is_longer_than_it_can_be_read():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > LONGEST_FUNCTION
    ]
    assert long == []


def test_each_package_is_typed():
    for package in PACKAGES:
        assert (Path(package.__file__ or "").parent / "py.typed").exists()


def test_importing_the_core_loads_nothing_but_the_standard_library():
    modules = [
        info.name
        for info in pkgutil.walk_packages(notify_core.__path__, "notify_core.")
        if not info.name.startswith("notify_core.testing")
    ]
    program = (
        "import sys, importlib\n"
        "before = set(sys.modules)\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "own = sys.stdlib_module_names | {'notify_core'}\n"
        # zoneinfo reads where the system keeps its time zones from a module made when Python was built.
        "print(sorted(name for name in loaded - own if not name.startswith('_sysconfigdata')))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() in {"[]", "['phonenumbers']"}


def test_every_module_of_the_core_can_be_imported_alone():
    for info in chain.from_iterable(pkgutil.walk_packages(p.__path__, f"{p.__name__}.") for p in PACKAGES):
        if "migrations" not in info.name:
            importlib.import_module(info.name)


@pytest.mark.parametrize("forbidden", ["os.environ", "os.getenv", "datetime.utcnow", "datetime.now()"])
def test_the_environment_and_the_clock_are_handed_in(forbidden):
    settings = ROOT / "notify_entrypoints" / "settings"
    readers = [
        str(path)
        for path in MODULES
        if forbidden in path.read_text(encoding="utf-8") and not path.is_relative_to(settings)
    ]
    assert readers == []


def test_unit_tests_patch_nothing():
    own = ("mock" + ".patch", "Magic" + "Mock", "monkeypatch.setattr")
    offenders = [
        str(path)
        for path in (ROOT / "tests" / "unit").rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in own) and path != Path(__file__)
    ]
    assert offenders == []

"""Every port has an in-memory fake and a behaviour suite, and the suite is run: on the fake, and on what is real."""

import ast
import importlib
import inspect
import pkgutil
from collections import defaultdict
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import notify_core
from notify_core.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from notify_core.testing import contracts, fakes
from notify_entrypoints.plugins import load_build
from notify_entrypoints.settings.variables import PORTS as CHOSEN_PORTS

TESTS = Path(__file__).parents[2]

# What looks like a port and has no suite of its own, with the reason.
WITHOUT_SUITE = {
    UnitOfWorkFactory: "opens units of work: UnitOfWorkContract does nothing without one",
}
# Suites that only the fake runs, with the reason.
WITHOUT_ADAPTER: dict[str, str] = {}
# Where the fake of a port is not called Memory<Port>.
FAKES = {
    "Clock": "FakeClock",
    "PolygonSmoother": "MemorySmoother",
    "RandomSource": "SeededRandom",
    "UnverifiedToken": "MemoryToken",
}


def modules(package):
    return [
        importlib.import_module(each.name) for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]


def own_classes(module):
    return [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__]


def is_port_module(name):
    parts = name.split(".")
    return "ports" in parts[1:3] and "testing" not in parts


def is_narrowed_unit_of_work(port):
    """Only names repositories: their suites run through it."""
    return UnitOfWork in port.__mro__ and port is not UnitOfWork


PORTS = [
    each
    for module in modules(notify_core)
    if is_port_module(module.__name__)
    for each in own_classes(module)
    if getattr(each, "_is_protocol", False)
]
WITH_SUITE = [port for port in PORTS if port not in WITHOUT_SUITE and not is_narrowed_unit_of_work(port)]
SUITES = {
    each.__name__ for module in modules(contracts) for each in own_classes(module) if each.__name__.endswith("Contract")
}
ALL_FAKES = {each.__name__: each for module in modules(fakes) for each in own_classes(module)}

every_port = pytest.mark.parametrize("port", WITH_SUITE, ids=lambda port: port.__name__)


def bases_in(path):
    """The test classes of a file with the names of all their bases, those of bases in the same file too."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            named = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
            found[node.name] = named.union(*(found.get(base, set()) for base in named))
    return {name: bases for name, bases in found.items() if name.startswith("Test")}


def runs():
    """Which test files run which suite."""
    found = defaultdict(set)
    for path in TESTS.rglob("test_*.py"):
        for bases in bases_in(path).values():
            for suite in bases & SUITES:
                found[suite].add(path)
    return found


RUNS = runs()


def fake_of(port):
    return ALL_FAKES.get(FAKES.get(port.__name__, f"Memory{port.__name__}"))


def members(port):
    return [name for name in dir(port) if not name.startswith("_")]


def parameters(owner, name):
    member = inspect.getattr_static(owner, name, None)
    return list(inspect.signature(member).parameters) if inspect.isfunction(member) else None


def test_there_are_ports_to_look_at():
    names = {port.__name__ for port in WITH_SUITE}
    assert names >= {"Clock", "LetterStore", "Networks", "RecipientFiles", "SmsSupplier", "TaskLedger", "UnitOfWork"}


@every_port
def test_every_port_has_a_fake_of_its_shape(port):
    fake = fake_of(port)
    assert fake is not None, f"notify_core/testing/fakes has no Memory{port.__name__}"
    fields = getattr(fake, "__dataclass_fields__", {})
    for name in members(port):
        assert hasattr(fake, name) or name in fields, f"{fake.__name__} has no {name}"
        if parameters(fake, name) is not None:
            assert parameters(fake, name)[1:] == parameters(port, name)[1:], f"{fake.__name__}.{name}"


@every_port
def test_every_port_has_a_suite_that_its_fake_runs(port):
    suite = f"{port.__name__}Contract"
    assert suite in SUITES, f"notify_core/testing/contracts has no {suite}"
    assert any(path.parent == TESTS / "unit" / "contracts" for path in RUNS[suite]), f"no fake runs {suite}"


@every_port
def test_every_suite_is_run_on_something_real(port):
    suite = f"{port.__name__}Contract"
    real = [path for path in RUNS[suite] if path.parent != TESTS / "unit" / "contracts"]
    assert bool(real) != (suite in WITHOUT_ADAPTER), f"{suite}: {WITHOUT_ADAPTER.get(suite, 'no adapter runs it')}"


@pytest.mark.parametrize(
    ("group", "point"),
    [
        pytest.param(port.group, point, id=f"{port.name}-{point.name}")
        for port in CHOSEN_PORTS
        for point in entry_points(group=port.group)
        if point.dist is not None and point.dist.name == "notify-platform"
    ],
)
def test_every_adapter_runs_the_suite_of_the_port_it_says_it_is(group, point):
    port = inspect.signature(load_build(group, point.name)).return_annotation
    suites = [path for path in RUNS[f"{port.__name__}Contract"] if point.module in path.read_text(encoding="utf-8")]
    assert suites, f"no test that imports {point.module} runs {port.__name__}Contract"


def test_exceptions_are_about_what_is_there():
    assert set(WITHOUT_SUITE) <= set(PORTS)
    assert set(WITHOUT_ADAPTER) <= SUITES
    assert set(FAKES) <= {port.__name__ for port in WITH_SUITE}


@pytest.mark.parametrize(
    "port", [each for each in PORTS if is_narrowed_unit_of_work(each)], ids=lambda port: port.__name__
)
def test_a_narrowed_unit_of_work_adds_repositories_and_nothing_else(port):
    ports = {each.__name__ for each in WITH_SUITE}
    for name in set(members(port)) - set(members(UnitOfWork)):
        repository = inspect.getattr_static(port, name)
        assert isinstance(repository, property), f"{port.__name__}.{name} is not a repository"
        assert inspect.signature(repository.fget).return_annotation.__name__ in ports

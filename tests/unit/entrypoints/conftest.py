import importlib
import sys

import pytest


@pytest.fixture
def a_distribution(tmp_path, monkeypatch):
    """Install somebody else's distribution: modules by name, entry points as in the file of that name."""
    made = []

    def install(name, modules, entry_points):
        site = tmp_path / f"site-{name}"
        about = site / f"{name.replace('-', '_')}-1.0.dist-info"
        about.mkdir(parents=True)
        for module, text in modules.items():
            (site / f"{module}.py").write_text(text)
            made.append(module)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(entry_points)
        monkeypatch.syspath_prepend(str(site))
        importlib.invalidate_caches()

    yield install
    for module in made:
        sys.modules.pop(module, None)

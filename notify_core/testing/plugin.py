"""The pytest plugin that comes with the library: the whole platform in memory, as a fixture.

Loaded in every test run of whoever has the library installed, so it imports the platform only when
a test asks for it.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from notify_core.testing.platform import InMemoryPlatform


@pytest.fixture
def notify() -> "InMemoryPlatform":
    """A platform of its own for each test, with nothing in it."""
    from notify_core.testing.platform import InMemoryPlatform

    return InMemoryPlatform()

"""A platform in memory for every test of broadcasts: see ``world``."""

import pytest

from notify_core.broadcasts.policies.rules import BroadcastRules
from tests.unit.core.broadcasts.world import ProcessDied, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def live_rules() -> BroadcastRules:
    """In the environment ``live``."""
    return BroadcastRules(live=True, admin_base_url="https://admin.example", runbook_url="https://runbook.example")


@pytest.fixture
def live_world(live_rules: BroadcastRules) -> World:
    return World(live_rules)


@pytest.fixture
def process_died() -> type[ProcessDied]:
    return ProcessDied

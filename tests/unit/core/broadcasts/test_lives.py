"""Any order of writing, editing, approving, revising and cancelling, of documents that come twice, of networks that
fail, hang or lose their answers, of tasks that are repeated, turned round or stolen, of workers that die, and of
operators who mend it.

broadcasts.md, section 9: what must never happen, and that no message is lost.
"""

import logging

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.unit.core.broadcasts.lives.air import Overheard
from tests.unit.core.broadcasts.lives.ends import Ends
from tests.unit.core.broadcasts.lives.scenes import Scenes
from tests.unit.core.broadcasts.world import AiryWorld


class Lives(Scenes, Overheard, Ends):
    def teardown(self):
        try:
            self.everything_comes_to_its_end()
        finally:
            self.world.networks.dismiss()


@pytest.mark.timeout(300)
def test_whatever_happens(live_rules, caplog):
    # What is logged has tests of its own, and is much here.
    caplog.set_level(logging.CRITICAL)
    run_state_machine_as_test(
        lambda: Lives(AiryWorld(live_rules)),
        settings=settings(
            max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )

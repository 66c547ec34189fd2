"""Any order of writing, editing, approving, revising and cancelling, of documents that come twice, of networks that
fail, hang or lose their answers, of tasks that are repeated, turned round or stolen, of workers that die, and of
operators who mend it.

broadcasts.md, section 9: what must never happen, and that no message is lost.
"""

import logging

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.unit.core.broadcasts.lives.agency import Agency
from tests.unit.core.broadcasts.lives.air import Overheard
from tests.unit.core.broadcasts.lives.ends import Ends
from tests.unit.core.broadcasts.lives.workers import NETWORK, TROUBLE
from tests.unit.core.broadcasts.world import AiryWorld


class Lives(Agency, Overheard, Ends):
    @rule(data=st.data(), network=NETWORK, what=TROUBLE, times=st.sampled_from([1, None]), cancelled=st.booleans())
    def there_is_news_while_a_network_is_in_trouble(self, data, network, what, times, cancelled):
        """What comes together seldom else: an instruction of which nobody knows whether it was heard, and the next."""
        if not self.is_live():
            self.put_on_air(data, None)
        self.network_is_in_trouble(network, None, times, what)
        self.workers_work(backwards=False, times=2)
        if self.is_live():
            if cancelled:
                self.cancel(data, "approver")
            else:
                self.revise(data, later=True)
            self.workers_work(backwards=True, times=2)

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
            max_examples=100, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )

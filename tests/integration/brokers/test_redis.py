"""The whole platform on Redis."""

from contextlib import closing

import pytest

from tests.integration.brokers.proxy import ProxiedBroker
from tests.integration.brokers.record import Record
from tests.integration.brokers.redis_wire import RedisListener
from tests.integration.brokers.suite import BrokerSuite

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def broker(redis_url):
    record = Record()
    with closing(ProxiedBroker(redis_url, record, lambda: RedisListener(record))) as broker:
        yield broker


class TestRedis(BrokerSuite):
    pass

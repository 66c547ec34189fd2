"""Workers, beat and relay as processes of their own, on a real broker and a database of this test's."""

from contextlib import ExitStack, closing

import pytest

from tests.integration.deployment import Deployment
from tests.integration.statsd_server import StatsdServer


@pytest.fixture
def statsd():
    with closing(StatsdServer()) as server:
        yield server


@pytest.fixture
def broker_url(redis_url):
    return redis_url


@pytest.fixture
def make_deployment(tmp_path, broker_url, statsd):
    with ExitStack() as opened:
        yield lambda **environ: opened.enter_context(closing(Deployment(tmp_path, broker_url, statsd, **environ)))


@pytest.fixture
def deployment(make_deployment):
    return make_deployment()

"""Groups of workers do not wait for each other."""

import pytest

from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore, Kind
from notify_core.accounts.model import BroadcastChannel, BroadcastSettings, Permission
from notify_core.broadcasts.model import Route
from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.tasks import TriggerLinkTest
from notify_core.broadcasts.use_cases.change_status import StatusChange
from notify_core.broadcasts.use_cases.create_message import NewBroadcastMessage
from notify_core.kernel.queues import BROADCASTS, RETRY, SEND_SMS
from notify_core.testing.builders import SKEGNESS, a_service, a_user

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)


def approve_an_alert(deployment):
    service, author, approver = a_service(permissions=frozenset({Permission.BROADCAST})), a_user(), a_user()
    container = deployment.container
    with container.work()() as work:
        work.services.put(service)
        work.settings.put_broadcast(BroadcastSettings(service.id, BroadcastChannel.SEVERE))
        for user in (author, approver):
            work.users.put(user)
            work.users.add_to_service(user.id, service.id)
        work.commit()
    new = NewBroadcastMessage(
        service.id, author.id, content="Leave now.", reference="flood", areas=("Skegness",), simple_polygons=(SKEGNESS,)
    )
    message = container.create_broadcast_message()(new)
    for status, user in ((MessageStatus.PENDING_APPROVAL, author), (MessageStatus.BROADCASTING, approver)):
        container.change_broadcast_status()(StatusChange(service.id, message.id, status, user.id))


def links(deployment):
    """How the latest test of each route of each network ended."""
    return {(link["provider"], link["route"]): link["outcome"] for link in deployment.container.show_links()()}


def test_an_alert_and_the_link_tests_do_not_wait_for_slow_texts(deployment):
    deployment.sms_network.rescript(latency=60.0)
    deployment.worker(BROADCASTS, concurrency=4, name="broadcasts")
    deployment.worker(SEND_SMS, RETRY, concurrency=1, name="deliveries")
    for _ in range(3):
        deployment.text()
    deployment.wait_for(lambda: deployment.sms_network.count() == 1)
    approve_an_alert(deployment)
    networks = FakeNetworkStore(deployment.data_dir)
    deployment.wait_for(lambda: len(networks.broadcasts()) == 4)
    networks.script("o2", Route.FIRST, Behaviour(Kind.TIME_OUT), times=1)
    deployment.enqueue(*(TriggerLinkTest(network) for network in deployment.container.cbc().enabled()))
    deployment.wait_for(lambda: None not in links(deployment).values())
    assert [link for link, outcome in links(deployment).items() if outcome != "acknowledged"] == [("o2", 1)]
    assert len(networks.broadcasts()) == 4
    assert deployment.sms_network.count() == 1
    success = "celery.broadcast-tasks.send-broadcast-provider-message.success"
    deployment.wait_for(lambda: deployment.statsd.times(success) == 4)
    networks.close()

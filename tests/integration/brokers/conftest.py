"""One whole deployment for each broker, and one message of each kind through it."""

from contextlib import closing

import pytest

from notify_adapters.cbc.fake_store import Behaviour, Kind
from notify_core.broadcasts.model import Route
from tests.integration.brokers.platform import READERS, Platform
from tests.integration.callback_server import CallbackServer


@pytest.fixture(scope="module")
def receiver():
    with closing(CallbackServer()) as server:
        yield server


@pytest.fixture(scope="module")
def platform(broker, receiver, postgresql_url, tmp_path_factory):
    with closing(Platform(tmp_path_factory.mktemp("platform"), broker, postgresql_url, receiver)) as platform:
        platform.start()
        yield platform
        platform.stop()
    assert broker.failures == []


@pytest.fixture(scope="module")
def text(platform):
    """One that is delivered, and the council told."""
    sent = platform.send_text()
    platform.wait_until("delivered", sent)
    platform.wait_for(lambda: platform.told_of(sent))
    return sent


@pytest.fixture(scope="module")
def email(platform):
    sent = platform.send_email()
    platform.wait_until("delivered", sent)
    return sent


@pytest.fixture(scope="module")
def letter(platform):
    """One that the printer has printed."""
    sent = platform.send_letter()
    platform.wait_for(lambda: platform.pdf(sent))
    platform.print_letters()
    platform.wait_for(lambda: list(platform.data_dir.glob("printer/taken/*.ZIP")))

    def printed():
        platform.read_answers_of_printer()
        return platform.status(sent) == "received"

    platform.wait_for(printed)
    return sent


@pytest.fixture(scope="module")
def job(platform):
    """Whose texts are all delivered."""
    made = platform.submit_job()
    address = f"/service/{platform.cast.council}/job/{made['id']}"

    def statistics():
        return {one["status"]: one["count"] for one in platform.ask("GET", address)["statistics"]}

    platform.wait_for(
        lambda: statistics() == {"delivered": len(READERS)}, 120, lambda: f"{platform.ask('GET', address)}"
    )
    return platform.ask("GET", address)


@pytest.fixture(scope="module")
def told_again(platform, receiver):
    """A text of which the council is told when its server has answered with an error first."""
    platform.wait_until_done(90)
    before = len(receiver.ids)
    receiver.status = 500
    sent = platform.send_text()
    platform.wait_until("delivered", sent)
    platform.wait_for(lambda: len(receiver.ids) > before)
    receiver.status = 204
    platform.wait_for(lambda: [row for row in platform.rows() if row.attempt])
    # In five minutes, otherwise.
    platform.let_waiting_work_be_due()
    platform.wait_for(lambda: platform.told_of(sent))
    return sent, receiver.ids[before:]


@pytest.fixture(scope="module")
def alert(platform):
    """One that four networks have acknowledged, though the first way to one of them is closed."""
    platform.networks.script("three", Route.FIRST, Behaviour(Kind.FUNCTION_ERROR))
    approved = platform.alert()

    def copies():
        found = platform.copies(approved)
        return found if {copy["status"] for copy in found.values()} == {"returned-ack"} and len(found) == 4 else None

    found = platform.wait_for(copies)
    platform.networks.recover("three")
    return found


@pytest.fixture(scope="module")
def everything(request, platform):
    """One of each has gone through the broker, and no work is left."""
    for each in (text, email, letter, job, told_again, alert):
        request.getfixturevalue(each.__name__)
    platform.wait_until_done(90)
    platform.wait_for(lambda: not platform.record.all_open())

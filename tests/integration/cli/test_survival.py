"""A killed process loses nothing and repeats nothing, whenever it is killed."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Timer

import pytest
import requests

ROUNDS = 3
MESSAGES = 60


def send_all(account, numbers):
    """The ids of those that were accepted for sure, by their number."""

    def send(number):
        try:
            return number, account.send(number)
        except requests.RequestException:
            return number, None

    with ThreadPoolExecutor(4) as senders:
        return {number: sent for number, sent in senders.map(send, numbers) if sent}


@pytest.mark.timeout(300)
def test_what_was_accepted_before_a_kill_is_delivered_once_after_it(account, fake_sms, eventually):
    machine = account.machine
    # Without receipts: one that comes before its message is recorded is looked at again only a minute later.
    fake_sms.rescript(latency=0.2, receipts=False)
    accepted = {}
    for this in range(ROUNDS):
        with machine.serving() as served:
            end = Timer(random.uniform(0.05, 1.5), served.kill)  # noqa: S311 - any moment will do
            end.start()
            accepted |= send_all(account, range(this * MESSAGES, (this + 1) * MESSAGES))
            end.join()
    assert accepted, "nothing was accepted, so nothing was tried"

    fake_sms.rescript(latency=0.0)
    with machine.serving():
        eventually(lambda: not machine.unfinished(), within=120, otherwise=lambda: f"left: {machine.ledger()[:3]}")
        assert {account.status(sent) for sent in accepted.values()} == {"sending"}

    messages = fake_sms.messages()
    texts = [message.content["content"] for message in messages]
    assert len(set(texts)) == len(texts), "a text came twice under two references"
    by_reference = {message.reference: message for message in messages}
    for number, sent in accepted.items():
        assert f"Book {number} is ready" in by_reference[sent].content["content"]
    assert machine.ledger() == []
    # What the supplier had taken when the kill came is offered to it again, at most once a kill.
    assert all(message.repeats <= ROUNDS for message in messages)

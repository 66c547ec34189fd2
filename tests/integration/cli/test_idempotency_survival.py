"""A killed process leaves no request with an Idempotency-Key half done, and none is done twice."""

import random
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Timer

import pytest
import requests

ROUNDS = 3
MESSAGES = 60


class Sender:
    def __init__(self, account):
        self.account = account
        self.told = {}

    def send(self, number, patience=10):
        """The answer's status, if there is one. (Who keeps an answer keeps its connection open.)"""
        body = {
            "phone_number": "07700900123",
            "template_id": self.account.template,
            "personalisation": {"number": str(number)},
            "reference": str(number),
        }
        headers = {**self.account.headers(), "Idempotency-Key": f"book {number}"}
        url = f"{self.account.machine.url}/v2/notifications/sms"
        try:
            answer = requests.post(url, json=body, headers=headers, timeout=patience)
        except requests.RequestException:
            return None
        if answer.status_code == 201:
            self.told.setdefault(number, set()).add(answer.json()["id"])
        return answer.status_code

    def send_all(self, numbers, patience=10):
        with ThreadPoolExecutor(4) as senders:
            return list(senders.map(lambda number: self.send(number, patience), numbers))


def query(machine, statement):
    with closing(sqlite3.connect(machine.data_dir / "notify.db", timeout=30)) as database, database:
        return database.execute(statement).fetchall()


@pytest.mark.timeout(300)
def test_what_a_kill_interrupted_is_done_once_when_it_is_sent_again(account):
    machine, sender = account.machine, Sender(account)
    everything = range(ROUNDS * MESSAGES)
    for this in range(ROUNDS):
        with machine.serving() as served:
            end = Timer(random.uniform(0.05, 1.0), served.kill)  # noqa: S311 - any moment will do
            end.start()
            sender.send_all(range(this * MESSAGES, (this + 1) * MESSAGES))
            end.join()

    # As if a minute had passed.
    query(machine, "update idempotency_records set leased_until_us = 0 where status is null")
    with machine.serving():
        answers = sender.send_all(everything, patience=120)
    assert set(answers) == {201}
    assert all(len(ids) == 1 for ids in sender.told.values()), "the same request had two answers"
    stored = Counter(reference for (reference,) in query(machine, "select reference from notifications"))
    assert stored == Counter(str(number) for number in everything)

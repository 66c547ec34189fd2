"""A killed process loses no file that was accepted, and leaves none that nobody will find."""

import random
import sqlite3
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Timer
from uuid import UUID, uuid4

import pytest
import requests

ROUNDS, FILES = 2, 40


@pytest.fixture
def floods(migrated, make_account):
    template = {"id": str(uuid4()), "name": "Plan", "type": "email", "subject": "Plan", "content": "((link))"}
    return make_account(permissions=["email"], contact_link="0300 123 4567", templates=[template])


@pytest.fixture
def send(floods):
    template = floods.document["templates"][0]["id"]

    def link_to(number):
        file = {"file": b64encode(content(number)).decode(), "confirm_email_before_download": False}
        body = {"email_address": "grace@example.gov.uk", "template_id": template, "personalisation": {"link": file}}
        url = f"{floods.machine.url}/v2/notifications/email"
        try:
            answer = requests.post(url, json=body, headers=floods.headers(), timeout=10)
        except requests.RequestException:
            return number, None
        return number, answer.json()["content"]["body"] if answer.status_code == 201 else None

    return link_to


def content(number):
    return f"plan {number} ".encode() * 2_000


@pytest.mark.timeout(300)
def test_what_was_accepted_before_a_kill_is_handed_over_after_it(floods, send):
    machine, accepted = floods.machine, {}
    for this in range(ROUNDS):
        with machine.serving() as served:
            first, *others = range(this * FILES, (this + 1) * FILES)
            # However busy the machine is, one has been accepted before the end.
            sent = [send(first)]
            end = Timer(random.uniform(0.05, 1.0), served.kill)  # noqa: S311 - any moment will do
            end.start()
            with ThreadPoolExecutor(4) as senders:
                sent += senders.map(send, others)
            end.join()
        accepted |= {number: link for number, link in sent if link}
    assert len(accepted) >= ROUNDS

    with machine.serving():
        for number, link in accepted.items():
            page, _, query = link.partition("?")
            assert requests.get(link, timeout=10).status_code == 200
            assert requests.post(f"{page}/download?{query}", data={}, timeout=10).content == content(number)

    with closing(sqlite3.connect(machine.data_dir / "notify.db")) as database:
        rows = {UUID(row[0]) for row in database.execute("select id from documents")}
    folder = machine.data_dir / "documents" / floods.id
    assert {UUID(file.name) for file in folder.iterdir()} <= rows, "bytes without a row would stay for ever"

"""Text messages and emails: one of each followed to its end, then a thousand through a crash."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from demo.account import Account, eventually, expect
from demo.platform import Platform
from demo.receiver import Receiver
from demo.services import Cast
from notify_adapters.sms.fake import FakeSmsStore

CROWD = 1_000
# In seconds. What the killed processes held comes again when its lease has run out (60), when Redis gives back what
# they had fetched (70), or, where they died before Redis had noted that they had fetched it, when it counts as lost
# in its queue (90); a receipt that met its message half recorded is looked at again after 60.
LEASES = 150


def follow_one_of_each(account: Account, platform: Platform, cast: Cast, receiver: Receiver) -> None:
    """An SMS and an email, each until it is delivered and its service knows."""
    account.chapter("A text message and an email, by the official client")
    client = cast.client(platform.url)
    with account.step("a text message is accepted, sent, and its receipt comes back: delivered"):
        sms = client.send_sms_notification(
            phone_number="07700 900 123",
            template_id=cast.sms_template,
            personalisation={"name": "Zoë", "title": "Middlemarch", "library": "Acomb", "until": "5 May"},
        )
        _delivered(client, sms["id"])
    account.note(f"“{sms['content']['body']}”")
    with account.step("an email likewise"):
        email = client.send_email_notification(
            email_address="reader@example.com",
            template_id=cast.email_template,
            personalisation={"name": "Zoë", "titles": ["Middlemarch", "Silas Marner"]},
        )
        _delivered(client, email["id"])
    account.note(f"“{email['content']['subject']}”")
    with account.step("the service is told of both, signed, with template and version"):
        for sent in (sms, email):
            told = eventually(partial(receiver.received.get, sent["id"]), within=10, otherwise="no callback came")
            expect(told["status"] == "delivered", f"the callback says {told['status']}")
            expect(told["template_id"] == sent["template"]["id"], "the callback names another template")
            expect(told["template_version"] == 1, "the callback names another version")
        expect(not receiver.refused, "a callback was not signed as it should be")
    account.note(", ".join(f"{name} {told[name]}" for name in ("status", "to", "template_version")))


def survive_a_crash(account: Account, platform: Platform, cast: Cast) -> None:
    """A thousand texts; the server is killed in the middle and started again."""
    account.chapter(f"{CROWD:,} text messages, and the server is killed in the middle")
    store = FakeSmsStore(platform.data_dir)
    before = {message.reference for message in store.messages()}
    accepted: dict[str, str] = {}
    alive = threading.Event()
    alive.set()
    began = time.perf_counter()
    with ThreadPoolExecutor(8) as senders:
        jobs = [senders.submit(_send_surely, cast, platform, number, accepted, alive) for number in range(CROWD)]
        with account.step("half of them are accepted, then SIGKILL"):
            eventually(lambda: len(accepted) >= CROWD // 2 or None, within=60, otherwise="500 were not accepted")
            alive.clear()
            platform.kill()
            sent = len(store.messages()) - len(before)
        account.note(f"{len(accepted)} accepted, {sent} already with the supplier")
        with account.step("it is started again and goes on where it was"):
            platform.start()
            alive.set()
        with account.step("the rest is accepted"):
            for job in jobs:
                job.result(timeout=90)
    with account.step("each was sent, none twice"):
        eventually(lambda: store.count() - len(before) >= CROWD or None, within=LEASES, otherwise="not all were sent")
        messages = [message for message in store.messages() if message.reference not in before]
        expect(len(messages) == CROWD, f"the supplier has {len(messages)} messages")
        phones = {message.recipient for message in messages}
        expect(len(phones) == CROWD, f"only {len(phones)} different phones got one")
        expect({message.reference for message in messages} == set(accepted.values()), "other messages were sent")
    with account.step("all are delivered"):
        client = cast.client(platform.url)
        eventually(lambda: _none_open(client) or None, within=LEASES, otherwise="not all were delivered")
    seconds = time.perf_counter() - began
    account.note(
        f"{CROWD} phones, {CROWD} messages, {CROWD / seconds:.0f} a second with the crash; "
        f"{store.repeats()} references were shown to the supplier a second time (it takes each once)"
    )


def _send_surely(cast: Cast, platform: Platform, number: int, accepted: dict[str, str], alive: threading.Event) -> None:
    """Send one message, once. Where the connection broke, only the platform knows whether it took it."""
    reference = f"crowd-{number}"
    client = cast.client(platform.url)
    # The client would print each broken connection; the account tells of the crash once.
    logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
    unsure = False
    while reference not in accepted:
        alive.wait()
        try:
            if unsure and (known := client.get_all_notifications(reference=reference)["notifications"]):
                accepted[reference] = known[0]["id"]
                return
            accepted[reference] = _send(client, cast, number, reference)["id"]
        except HTTPError as error:
            # The client makes a 503 of whatever happens to a connection.
            if error.status_code != 503:
                raise
            unsure = True
            time.sleep(0.05)


def _send(client: NotificationsAPIClient, cast: Cast, number: int, reference: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.send_sms_notification(
        phone_number=f"+447909{number:06}",
        template_id=cast.sms_template,
        personalisation={"name": f"reader {number}", "title": "Emma", "library": "Acomb", "until": "5 May"},
        reference=reference,
    )
    return answer


def _delivered(client: NotificationsAPIClient, notification_id: str) -> None:
    def look() -> bool | None:
        status = client.get_notification_by_id(notification_id)["status"]
        expect(status in {"created", "sending", "delivered"}, f"it ended as {status}")
        return status == "delivered" or None

    eventually(look, within=15, otherwise="it was not delivered")


def _none_open(client: NotificationsAPIClient) -> bool:
    # The client takes one status at a time.
    return not any(client.get_all_notifications(status=status)["notifications"] for status in ("created", "sending"))

"""The steady load: everything that services and suppliers ask of the platform, sent again until it is answered.

What was answered with 201 is accepted. Where a connection broke, the same request goes again with the same
``Idempotency-Key``; jobs, which have none, are looked for by the name of their file. So it is known exactly what is
accepted.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Thread
from typing import Any

import requests
from notifications_python_client.authentication import create_jwt_token

from chaos.platform import INBOUND_NUMBER, INBOUND_PASSWORD, ChaosPlatform
from demo.services import Cast

# Seconds between two of a kind, and how many callers it has. A caller whose request died with a process waits for a
# minute until its name is free again; the others go on.
PACE = {"text": 0.25, "email": 0.5, "letter": 1.0, "received text": 1.0, "job": 12.0}
CALLERS = {"text": 6, "email": 4, "letter": 3}
ROWS = 100
_TIME_OUT = 10
_AGAIN = 0.3
# Not now: whatever is wrong with the platform, and the same request under way in a process that may have died.
_LATER = frozenset({409, 429})


class Refused(Exception):
    """The platform said no to something that is right."""


@dataclass(frozen=True)
class Accepted:
    """``key`` is the caller's own name for it, ``id`` the platform's (of a received text: the supplier's)."""

    kind: str
    key: str
    id: str
    rows: int = 0


@dataclass
class Load:
    platform: ChaosPlatform
    cast: Cast
    accepted: list[Accepted] = field(default_factory=list, init=False)
    # How many requests were sent again.
    again: int = field(default=0, init=False)
    failures: list[str] = field(default_factory=list, init=False)
    _stop: Event = field(default_factory=Event, init=False)
    _threads: list[Thread] = field(default_factory=list, init=False)

    def begin(self) -> None:
        """Each caller sends one after the other, in a thread of its own."""
        acts: dict[str, Callable[[int], Accepted]] = {
            "text": self._text, "email": self._email, "letter": self._letter,
            "received text": self._received_text, "job": self._job,
        }  # fmt: skip
        for kind, act in acts.items():
            numbers, callers = count(), CALLERS.get(kind, 1)
            for _ in range(callers):
                thread = Thread(target=self._go_on, args=(PACE[kind] * callers, numbers, act), name=kind, daemon=True)
                self._threads.append(thread)
                thread.start()

    def end(self, within: float) -> None:
        """Nothing new; returns when what is under way has been answered."""
        self._stop.set()
        until = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                self.failures.append(f"a {thread.name} was not answered")

    def _go_on(self, pace: float, numbers: Iterator[int], act: Callable[[int], Accepted]) -> None:
        try:
            while not self._stop.wait(random.uniform(0.5, 1.5) * pace):  # noqa: S311 - nobody guesses at it
                self.accepted.append(act(next(numbers)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the run has failed
            self.failures.append(repr(error))

    def _text(self, number: int) -> Accepted:
        body = {
            "phone_number": f"+447909{number:06}",
            "template_id": self.cast.sms_template,
            "personalisation": {"name": f"reader {number}", "title": "Emma", "library": "Acomb", "until": "5 May"},
        }
        return self._message("text", "sms", number, body)

    def _email(self, number: int) -> Accepted:
        body = {
            "email_address": f"reader{number}@example.com",
            "template_id": self.cast.email_template,
            "personalisation": {"name": f"reader {number}", "titles": ["Emma", "Romola"]},
        }
        return self._message("email", "email", number, body)

    def _letter(self, number: int) -> Accepted:
        address = {
            f"address_line_{line}": text
            for line, text in enumerate(("A Reader", "1 High Street", "York", "YO1 7DS"), 1)
        }
        personalisation = {"name": f"reader {number}", "card": str(number), **address}
        body = {"template_id": self.cast.letter_template, "personalisation": personalisation}
        return self._message("letter", "letter", number, body)

    def _message(self, kind: str, path: str, number: int, body: dict[str, Any]) -> Accepted:
        key = f"{kind} {number}"

        def post() -> requests.Response:
            token = create_jwt_token(self.cast.council_secret, self.cast.council)
            return self._post(f"/v2/notifications/{path}", {**body, "reference": key}, token, {"Idempotency-Key": key})

        return Accepted(kind, key, str(self._surely(post).json()["id"]))

    def _received_text(self, number: int) -> Accepted:
        reference = f"received-{number}"
        body = {
            "ID": reference, "MSISDN": f"447909{number:06}", "Number": INBOUND_NUMBER.replace("0", "44", 1),
            "Message": f"STOP+{number}", "DateRecieved": "2026-01-05+12%3A00%3A00",
        }  # fmt: skip

        def post() -> requests.Response:
            url = f"{self.platform.url}/notifications/sms/receive/mmg"
            return requests.post(url, json=body, auth=("mmg", INBOUND_PASSWORD), timeout=_TIME_OUT)

        self._surely(post)
        return Accepted("received text", reference, reference)

    def _job(self, number: int) -> Accepted:
        name = f"people-{number}.csv"
        lines = (f"0790{number:02}{row:05},reader {row},Emma,Acomb,5 May" for row in range(ROWS))
        body = {
            "template_id": self.cast.sms_template,
            "created_by": self.cast.author,
            "original_file_name": name,
            "csv": "\n".join(("phone number,name,title,library,until", *lines)),
        }

        def post() -> requests.Response:
            token, path = self._admin(), f"/service/{self.cast.council}/job"
            if known := self._known_job(name, token):
                return known
            return self._post(path, body, token, {})

        return Accepted("job", name, str(self._surely(post).json()["id"]), ROWS)

    def _known_job(self, name: str, token: str) -> requests.Response | None:
        """The answer that names the job of this file, if there is one."""
        url, headers = f"{self.platform.url}/service/{self.cast.council}/job", {"Authorization": f"Bearer {token}"}
        listed = requests.get(url, headers=headers, timeout=_TIME_OUT)
        if not listed.ok:
            return listed
        ids = [job["id"] for job in listed.json()["jobs"] if job["original_file_name"] == name]
        return requests.get(f"{url}/{ids[0]}", headers=headers, timeout=_TIME_OUT) if ids else None

    def _admin(self) -> str:
        token: str = create_jwt_token(self.platform.admin_secret, "notify-admin")
        return token

    def _post(self, path: str, body: dict[str, Any], token: str, headers: dict[str, str]) -> requests.Response:
        given = {**headers, "Authorization": f"Bearer {token}"}
        return requests.post(self.platform.url + path, json=body, headers=given, timeout=_TIME_OUT)

    def _surely(self, send: Callable[[], requests.Response]) -> requests.Response:
        """:raises Refused: no, and not for now."""
        while True:
            try:
                answer = send()
            except requests.RequestException:
                self.again += 1
            else:
                if answer.ok:
                    return answer
                if answer.status_code < 500 and answer.status_code not in _LATER:
                    raise Refused(f"{answer.status_code} {answer.text}")
                self.again += 1
            time.sleep(_AGAIN)

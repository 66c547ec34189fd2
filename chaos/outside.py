"""Who is outside: suppliers of texts, a mail server, the ticketing system, the services' own server; and S3 and Lambda,
which are played elsewhere and reached through here."""

import email
import json
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import parse_qs

import urllib3
from aiosmtpd.controller import Controller

from chaos.mail import MailServer
from chaos.players import Answer, Player, Request, json_answer
from chaos.receipts import Receipts
from chaos.records import Records
from chaos.trouble import Trouble
from demo.processes import free_port
from demo.receiver import Subscriber

MMG, FIRETEXT, MAIL, ZENDESK, SUBSCRIBER, S3, LAMBDA = (
    "mmg",
    "firetext",
    "smtp",
    "zendesk",
    "subscriber",
    "s3",
    "lambda",
)
TEXTS = (MMG, FIRETEXT)


class Outside:
    """``s3`` and ``lambda_`` are where those two really are."""

    def __init__(self, records: Records, receipts: Receipts, s3: str, lambda_: str) -> None:
        self._records, self._receipts = records, receipts
        self.subscriber = Subscriber()
        self._pool = urllib3.PoolManager(maxsize=50, retries=False)
        answers: dict[str, Callable[[Request], Answer]] = {
            MMG: self._mmg,
            FIRETEXT: self._firetext,
            ZENDESK: self._zendesk,
            SUBSCRIBER: self._told,
            S3: partial(self._pass_on, s3),
            LAMBDA: partial(self._pass_on, lambda_),
        }
        self._http = {name: Player(name, records, answer).start() for name, answer in answers.items()}
        self._mail = MailServer(MAIL, records)
        self.mail_port = free_port()
        self._controller = Controller(self._mail, hostname="127.0.0.1", port=self.mail_port)
        self._controller.start()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self._http, MAIL)

    def url(self, name: str) -> str:
        return self._http[name].url

    def trouble(self, name: str, trouble: Trouble) -> None:
        player: Player | MailServer = self._mail if name == MAIL else self._http[name]
        player.trouble = trouble

    def close(self) -> None:
        for player in self._http.values():
            player.close()
        self._controller.stop()
        self._pool.clear()

    def _mmg(self, request: Request) -> Answer:
        reference = str(json.loads(request.body)["cid"])
        taken = self._records.take(MMG, reference)
        self._receipts.owe(MMG, reference)
        return json_answer({"Reference": reference}, taken)

    def _firetext(self, request: Request) -> Answer:
        reference = parse_qs(request.body.decode())["reference"][0]
        taken = self._records.take(FIRETEXT, reference)
        self._receipts.owe(FIRETEXT, reference)
        return json_answer({"code": 0, "description": "SMS successfully queued"}, taken)

    def _zendesk(self, request: Request) -> Answer:
        taken = self._records.take(ZENDESK, _header(request.headers, "Idempotency-Key"))
        return json_answer({"ticket": {"id": 1}}, taken, 201)

    def _told(self, request: Request) -> Answer:
        headers = email.message.Message()
        for name, value in request.headers.items():
            headers[name] = value
        told = self.subscriber.take(headers, request.body)
        if told is None:
            return Answer(403)
        key = _header(request.headers, "webhook-id")
        return Answer(
            204, taken=self._records.take(SUBSCRIBER, key, about=told["id"], status=str(told.get("status", "")))
        )

    def _pass_on(self, where: str, request: Request) -> Answer:
        headers = {name: value for name, value in request.headers.items() if name.lower() != "expect"}
        came = self._pool.urlopen(
            request.method, where + request.path, body=request.body, headers=headers, redirect=False,
            decode_content=False, timeout=30,
        )  # fmt: skip
        return Answer(came.status, came.data, dict(came.headers))


def _header(headers: Mapping[str, str], wanted: str) -> str:
    return next(value for name, value in headers.items() if name.lower() == wanted.lower())

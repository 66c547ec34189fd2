"""Firetext: text messages by form, and the receipts it sends back."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from notify_adapters.http import AnsweredNo, HttpClient
from notify_adapters.options import known, required, seconds
from notify_adapters.sms.inbound import BasicAuth, written_at
from notify_core.inbound.model import ReceivedText
from notify_core.inbound.ports import Acknowledgement, InboundRequest, InboundTranslator, InboundUnreadable
from notify_core.kernel.errors import TransientError
from notify_core.notifications.model import Outcome, Receipt
from notify_core.notifications.ports import (
    OutgoingSms,
    ReceiptRequest,
    ReceiptTranslator,
    ReceiptUnreadable,
    SmsSupplier,
    SupplierRefused,
)

OPTIONS: Mapping[str, str] = {
    "url": "where texts are sent to (the whole address)",
    "api_key": "the account's key (secret)",
    "connect_timeout": "seconds to connect (3)",
    "timeout": "seconds to wait for the answer (10)",
    "inbound_username": "of the endpoint of received texts (a list; notify)",
    "inbound_password": "of the endpoint of received texts (a list, secret); none: nobody is let in",
}

NAME = "firetext"
_OUTCOMES = {"0": Outcome.DELIVERED, "1": Outcome.PERMANENT_UNDETAILED, "2": Outcome.PENDING}
_DECLINED = "1"
# Why a message was declined.
_REASONS = {
    **dict.fromkeys(("101", "201", "301", "401"), Outcome.PERMANENT),
    **dict.fromkeys(("000", "102", "103", "104", "302", "900"), Outcome.TEMPORARY),
}
_TAKEN = "0"
# Firetext's answers about destination, sender and text; the others are about our account or its own state.
_REFUSALS = frozenset({"2", "3", "5"})


@dataclass(frozen=True)
class Firetext:
    """Receipts carry our own reference."""

    client: HttpClient
    url: str
    api_key: str = field(repr=False)
    name: str = NAME

    def send(self, message: OutgoingSms) -> str:
        form = {
            "apiKey": self.api_key,
            "from": message.sender,
            "to": message.recipient.removeprefix("+"),
            "message": message.content,
            "reference": message.reference,
        }
        try:
            document: Any = self.client.post(self.url, body=form).json()
        except AnsweredNo as error:
            if error.status == HTTPStatus.BAD_REQUEST:
                raise SupplierRefused(f"Firetext answered {error.status}") from error
            raise TransientError(f"Firetext answered {error.status}") from error
        code = str(document.get("code")) if isinstance(document, dict) else "none"
        if code in _REFUSALS:
            raise SupplierRefused(f"Firetext answered code {code}")
        if code != _TAKEN:
            raise TransientError(f"Firetext answered code {code}")
        return message.reference


@dataclass(frozen=True)
class FiretextReceipts:
    supplier: str = NAME

    def translate(self, request: ReceiptRequest) -> Sequence[Receipt]:
        try:
            form = parse_qs(request.body.decode(), max_num_fields=50)
        except ValueError:
            raise ReceiptUnreadable("Firetext callback failed: it is not a form") from None
        if missing := [name for name in ("reference", "status") if name not in form]:
            raise ReceiptUnreadable(f"Firetext callback failed: {', '.join(f'{name} missing' for name in missing)}")
        status, code = form["status"][0], form.get("code", [""])[0]
        outcome = _OUTCOMES.get(status, Outcome.UNKNOWN)
        if status == _DECLINED:
            outcome = _REASONS.get(code, outcome)
        return [Receipt(NAME, form["reference"][0], outcome, f"{status}/{code}" if code else status)]


_THANKS = Acknowledgement('{"status": "ok"}', "application/json")


@dataclass(frozen=True)
class FiretextInbound:
    """Texts as a form: ``source``, ``destination``, ``message``, ``time``. They have no id: what is the same in all of
    these is the same text."""

    basic_auth: BasicAuth
    supplier: str = NAME
    acknowledgement: Acknowledgement = _THANKS

    def translate(self, request: InboundRequest) -> ReceivedText:
        self.basic_auth.check(request)
        try:
            form = parse_qs(request.body.decode(), keep_blank_values=True, max_num_fields=50)
            source, destination, message = (form[name][0] for name in ("source", "destination", "message"))
        except (ValueError, KeyError):
            raise InboundUnreadable("Firetext text: it is not a form with source, destination and message") from None
        time = form.get("time", [""])[0]
        whole = f"{source}\0{destination}\0{message}\0{time}"
        return ReceivedText(
            supplier=NAME,
            reference=hashlib.sha256(whole.encode()).hexdigest(),
            source=source,
            destination=destination,
            content=message,
            sent_at=written_at(time),
        )


def build(options: Mapping[str, str]) -> SmsSupplier:
    """Options ``url``, ``api_key``; ``connect_timeout`` (3) and ``timeout`` (10) in seconds.

    ``inbound_username`` and ``inbound_password`` belong to the endpoint of received texts.
    """
    known(options, *OPTIONS)
    client = HttpClient(
        connect_timeout=seconds(options, "connect_timeout", 3), read_timeout=seconds(options, "timeout", 10)
    )
    return Firetext(client, required(options, "url"), required(options, "api_key"))


def build_receipts(options: Mapping[str, str]) -> ReceiptTranslator:
    known(options, *OPTIONS)
    return FiretextReceipts()


def build_inbound(options: Mapping[str, str]) -> InboundTranslator:
    """Options ``inbound_username`` (``notify``) and ``inbound_password``, lists."""
    known(options, *OPTIONS)
    return FiretextInbound(BasicAuth.of(options, "notify"))

"""MMG: text messages by JSON, and the receipts it sends back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

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
    "inbound_username": "of the endpoint of received texts (a list)",
    "inbound_password": "of the endpoint of received texts (a list, secret); none: nobody is let in",
}

NAME = "mmg"
_OUTCOMES = {
    "2": Outcome.PERMANENT,
    "3": Outcome.DELIVERED,
    "4": Outcome.TEMPORARY,
    "5": Outcome.PERMANENT,
}
# What is wrong with the message; anything else (credentials, address, traffic) is wrong with us.
_REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})


@dataclass(frozen=True)
class Mmg:
    """Receipts carry our own reference as ``CID``."""

    client: HttpClient
    url: str
    api_key: str = field(repr=False)
    name: str = NAME

    def send(self, message: OutgoingSms) -> str:
        document = {
            "reqType": "BULK",
            "MSISDN": message.recipient.removeprefix("+"),
            "msg": message.content,
            "sender": message.sender,
            "cid": message.reference,
            "multi": True,
        }
        try:
            answer = self.client.post_json(self.url, document, headers={"Authorization": f"Basic {self.api_key}"})
        except AnsweredNo as error:
            if error.status in _REFUSALS:
                raise SupplierRefused(f"MMG answered {error.status}") from error
            raise TransientError(f"MMG answered {error.status}") from error
        # A page of something between us and MMG is no answer of MMG's.
        if answer.body.strip():
            answer.json()
        return message.reference


@dataclass(frozen=True)
class MmgReceipts:
    supplier: str = NAME

    def translate(self, request: ReceiptRequest) -> Sequence[Receipt]:
        try:
            document = json.loads(request.body)
        except (ValueError, RecursionError):
            raise ReceiptUnreadable("MMG callback failed: it is not JSON") from None
        if not isinstance(document, dict):
            raise ReceiptUnreadable("MMG callback failed: it is not a JSON object")
        if missing := [name for name in ("CID", "status") if document.get(name) in (None, "")]:
            raise ReceiptUnreadable(f"MMG callback failed: {', '.join(f'{name} missing' for name in missing)}")
        status, substatus = str(document["status"]), document.get("substatus")
        detail = f"{status}/{substatus}" if substatus else status
        return [Receipt(NAME, str(document["CID"]), _OUTCOMES.get(status, Outcome.UNKNOWN), detail)]


_THANKS = Acknowledgement("RECEIVED", "text/plain")


@dataclass(frozen=True)
class MmgInbound:
    """Texts as JSON: ``MSISDN``, ``Number``, ``Message`` (URL-encoded, ``+`` for a space), ``ID``, ``DateRecieved``."""

    basic_auth: BasicAuth
    supplier: str = NAME
    acknowledgement: Acknowledgement = _THANKS

    def translate(self, request: InboundRequest) -> ReceivedText:
        self.basic_auth.check(request)
        try:
            document: Any = json.loads(request.body)
            values = {name: str(document[name]) for name in ("ID", "MSISDN", "Number", "Message")}
        except (ValueError, RecursionError, TypeError, KeyError):
            raise InboundUnreadable("MMG text: it is not a JSON object with ID, MSISDN, Number and Message") from None
        return ReceivedText(
            supplier=NAME,
            reference=values["ID"],
            source=values["MSISDN"],
            destination=values["Number"],
            # A text without a word in it comes as null.
            content="" if document["Message"] is None else unquote_plus(values["Message"]),
            sent_at=written_at(unquote_plus(str(document.get("DateRecieved")))),
        )


def build(options: Mapping[str, str]) -> SmsSupplier:
    """Options ``url``, ``api_key``; ``connect_timeout`` (3) and ``timeout`` (10) in seconds.

    ``inbound_username`` and ``inbound_password`` belong to the endpoint of received texts.
    """
    known(options, *OPTIONS)
    client = HttpClient(
        connect_timeout=seconds(options, "connect_timeout", 3), read_timeout=seconds(options, "timeout", 10)
    )
    return Mmg(client, required(options, "url"), required(options, "api_key"))


def build_receipts(options: Mapping[str, str]) -> ReceiptTranslator:
    known(options, *OPTIONS)
    return MmgReceipts()


def build_inbound(options: Mapping[str, str]) -> InboundTranslator:
    """Options ``inbound_username`` and ``inbound_password``, lists."""
    known(options, *OPTIONS)
    return MmgInbound(BasicAuth.of(options))

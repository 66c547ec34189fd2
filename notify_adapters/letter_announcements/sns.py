"""Events of an S3 bucket, which come wrapped by SNS."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from notify_adapters import sns
from notify_adapters.options import known
from notify_core.letters.ports import LetterAnnouncements
from notify_core.notifications.ports import ReceiptRequest, ReceiptUnreadable

OPTIONS: Mapping[str, str] = sns.OPTIONS


@dataclass(frozen=True)
class SnsAnnouncements:
    """``inbox`` says what to believe. Which bucket an event is of does not matter: the file is looked for in ours."""

    inbox: sns.SnsInbox

    def translate(self, request: ReceiptRequest) -> Sequence[str]:
        message = self.inbox.take(request.body)
        return [] if message is None else _keys(message)


def _keys(message: str) -> Sequence[str]:
    try:
        event: Any = json.loads(message)
        # S3 tries a new subscription with an event that has no records.
        if event.get("Event") == "s3:TestEvent":
            return []
        return [unquote_plus(str(record["s3"]["object"]["key"])) for record in event["Records"]]
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError):
        raise ReceiptUnreadable("no S3 event inside") from None


def build(options: Mapping[str, str]) -> LetterAnnouncements:
    """Options ``topic_arns`` (a list; recommended), ``timeout`` in seconds (5)."""
    known(options, *OPTIONS)
    return SnsAnnouncements(sns.amazon_inbox(options))

"""Between a notification and its row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from notify_core.accounts.model import KeyType
from notify_core.notifications.model import Channel, Notification, PersonalisationValue
from notify_core.notifications.states import Status
from notify_core.ports.secrets import Secrets

RECIPIENT = "recipient"
PERSONALISATION = "personalisation"

_PLAIN = (
    "id",
    "service_id",
    "channel",
    "template_id",
    "template_version",
    "key_type",
    "api_key_id",
    "created_at",
    "status",
    "reference",
    "sender",
    "reply_to",
    "international",
    "rate_multiplier",
    "billable_units",
    "scheduled_for",
    "sent_by",
    "supplier_reference",
    "sent_at",
    "completed_at",
    "updated_at",
    "job_id",
    "job_row",
)


@dataclass(frozen=True)
class NotificationRows:
    secrets: Secrets

    def from_notification(self, one: Notification) -> dict[str, Any]:
        return {name: getattr(one, name) for name in _PLAIN} | self._ciphers(one)

    def changes(self, was: Notification, becomes: Notification) -> dict[str, Any]:
        """What an update sets: the status, and what else differs."""
        # A set of columns is a statement of its own; there are as many as there are kinds of change.
        values = {name: getattr(becomes, name) for name in _PLAIN if getattr(becomes, name) != getattr(was, name)}
        values["status"] = becomes.status
        return values if _personal(was) == _personal(becomes) else values | self._ciphers(becomes)

    def to_notification(self, row: sa.RowMapping | Mapping[str, Any]) -> Notification:
        values = {name: row[name] for name in _PLAIN}
        values["channel"] = Channel(row["channel"])
        values["key_type"] = KeyType(row["key_type"])
        values["status"] = Status(row["status"])
        return Notification(
            **values,
            to=self.secrets.decrypt(row["to_cipher"], purpose=RECIPIENT),
            recipient=self.secrets.decrypt(row["recipient_cipher"], purpose=RECIPIENT),
            personalisation=self._personalisation(row["personalisation_cipher"]),
            one_click_unsubscribe_url=self._decrypt(row["one_click_unsubscribe_url_cipher"]),
        )

    def _ciphers(self, one: Notification) -> dict[str, Any]:
        values, link = dict(one.personalisation), one.one_click_unsubscribe_url
        return {
            "to_cipher": self.secrets.encrypt(one.to, purpose=RECIPIENT),
            "recipient_cipher": self.secrets.encrypt(one.recipient, purpose=RECIPIENT),
            "recipient_index": self.secrets.blind_index(one.recipient, purpose=RECIPIENT),
            "personalisation_cipher": self._encrypt(json.dumps(values) if values else None),
            "one_click_unsubscribe_url_cipher": self._encrypt(link),
        }

    def _encrypt(self, text: str | None) -> str | None:
        return None if text is None else self.secrets.encrypt(text, purpose=PERSONALISATION)

    def _decrypt(self, cipher: str | None) -> str | None:
        return None if cipher is None else self.secrets.decrypt(cipher, purpose=PERSONALISATION)

    def _personalisation(self, cipher: str | None) -> dict[str, PersonalisationValue]:
        text = self._decrypt(cipher)
        values: dict[str, PersonalisationValue] = {} if text is None else json.loads(text)
        return values


def _personal(one: Notification) -> tuple[Any, ...]:
    return one.to, one.recipient, dict(one.personalisation), one.one_click_unsubscribe_url

"""Services that send texts, one by one and from files, over HTTP and as fast as answers come."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests
from notifications_python_client.authentication import create_jwt_token

from demo.platform import Platform

CONTENT = "Dear ((name)), your appointment is on ((day)). Reply STOP to cancel."


@dataclass
class Sender:
    """One service with one template of texts."""

    platform: Platform
    name: str
    service: str = field(default_factory=lambda: str(uuid4()))
    template: str = field(default_factory=lambda: str(uuid4()))
    secret: str = field(default_factory=lambda: str(uuid4()))
    _session: requests.Session = field(default_factory=requests.Session)

    def document(self) -> dict[str, Any]:
        """Its part of a provisioning document."""
        return {
            "id": self.service,
            "name": self.name,
            "restricted": False,
            "permissions": ["sms"],
            "message_limit": 10_000_000,
            "rate_limit": 10_000_000,
            "templates": [{"id": self.template, "name": "Appointment", "type": "sms", "content": CONTENT}],
            "api_keys": [{"id": str(uuid4()), "name": "bench", "secret": self.secret, "key_type": "normal"}],
        }

    def submit(self, rows: int) -> str:
        """The id of a new job of so many rows."""
        lines = (f"0770090{1000 + number % 1000},Ann Other {number},Monday" for number in range(rows))
        body = {
            "template_id": self.template,
            "created_by": str(uuid4()),
            "original_file_name": "people.csv",
            "csv": "\n".join(("phone number,name,day", *lines)),
        }
        token = create_jwt_token(self.platform.admin_secret, "notify-admin")
        return str(self._post(f"/service/{self.service}/job", body, token)["id"])

    def send(self) -> str:
        """The id of a new text."""
        body = {
            "phone_number": "07700901999",
            "template_id": self.template,
            "personalisation": {"name": "Zoë", "day": "Tuesday"},
        }
        return str(self._post("/v2/notifications/sms", body, create_jwt_token(self.secret, self.service))["id"])

    def _post(self, path: str, body: dict[str, Any], token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        answer = self._session.post(self.platform.url + path, json=body, headers=headers, timeout=60)
        if not answer.ok:
            raise requests.HTTPError(f"{path}: {answer.status_code} {answer.text}", response=answer)
        return answer.json()


def provision(platform: Platform, senders: Iterable[Sender]) -> None:
    platform.provision({"services": [sender.document() for sender in senders]})

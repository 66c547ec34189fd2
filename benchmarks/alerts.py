"""Alerts as an agency and its admin application make them: written by one person, approved by another."""

from base64 import b64encode
from dataclasses import dataclass, field
from secrets import token_bytes, token_hex
from typing import Any

import requests
from notifications_python_client.authentication import create_jwt_token

from demo.platform import Platform
from demo.services import Cast

NETWORKS = ("ee", "o2", "three", "vodafone")
CONTENT = "Severe flooding of the River Ouse. Leave now."
AREA = [[53.12, 0.30], [53.18, 0.30], [53.18, 0.38], [53.12, 0.38], [53.12, 0.30]]


@dataclass
class Agency:
    """One service that broadcasts, over HTTP, as fast as answers come.

    :raises requests.HTTPError: the platform says no, and why.
    """

    platform: Platform
    cast: Cast = field(default_factory=Cast)
    session: requests.Session = field(default_factory=requests.Session)

    def provision(self) -> None:
        secret = "whsec_" + b64encode(token_bytes(32)).decode()
        self.platform.provision(self.cast.document("http://127.0.0.1:9/", token_hex(16), secret))

    def pending(self) -> str:
        """The id of a new alert that waits for its approval."""
        new = {"service_id": self.cast.agency, "created_by": self.cast.author, "content": CONTENT}
        message = self._post("", {**new, "reference": "flood", "areas": ["York"], "simple_polygons": [AREA]})["id"]
        self._move(message, "pending-approval", self.cast.author)
        return str(message)

    def approve(self, message: str) -> None:
        self._move(message, "broadcasting", self.cast.approver)

    def cancel(self, message: str) -> None:
        self._move(message, "cancelled", self.cast.approver)

    def propose(self, message: str, content: str) -> str:
        """The id of the revision."""
        return str(self._post(f"/{message}/revision", {"created_by": self.cast.author, "content": content})["id"])

    def decide(self, message: str, revision: str) -> None:
        decision = {"created_by": self.cast.approver, "status": "approved"}
        self._post(f"/{message}/revision/{revision}/status", decision)

    def events(self, message: str) -> list[dict[str, Any]]:
        """What it became: instructions, copies, attempts."""
        answer = self.session.get(f"{self._root}/{message}/events", headers=self._headers(), timeout=30)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["events"]
        return found

    def _move(self, message: str, status: str, person: str) -> None:
        self._post(f"/{message}/status", {"status": status, "created_by": person})

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self.session.post(self._root + path, json=body, headers=self._headers(), timeout=30)
        if not answer.ok:
            raise requests.HTTPError(f"{path}: {answer.status_code} {answer.text}", response=answer)
        return answer.json()

    @property
    def _root(self) -> str:
        return f"{self.platform.url}/service/{self.cast.agency}/broadcast-message"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {create_jwt_token(self.platform.admin_secret, 'notify-admin')}"}

"""Who takes part: one service that sends messages, one that broadcasts, two people who decide."""

from typing import Any
from uuid import uuid4

from notifications_python_client.authentication import create_jwt_token
from notifications_python_client.notifications import NotificationsAPIClient


class Cast:
    """Ids and keys, made anew for each run."""

    def __init__(self) -> None:
        self.council, self.agency = str(uuid4()), str(uuid4())
        self.council_secret, self.agency_secret = str(uuid4()), str(uuid4())
        self.sms_template, self.email_template, self.letter_template = str(uuid4()), str(uuid4()), str(uuid4())
        self.author, self.approver = str(uuid4()), str(uuid4())

    def client(self, url: str) -> NotificationsAPIClient:
        """The official client, with the council's key."""
        return NotificationsAPIClient(f"demo-{self.council}-{self.council_secret}", base_url=url)

    def agency_token(self) -> str:
        token: str = create_jwt_token(self.agency_secret, self.agency)
        return token

    def document(self, callback_url: str, bearer_token: str, secret: str) -> dict[str, Any]:
        """The provisioning document."""
        return {"services": [self._council(callback_url, bearer_token, secret), self._agency()]}

    def _council(self, callback_url: str, bearer_token: str, secret: str) -> dict[str, Any]:
        return {
            "id": self.council,
            "name": "City of York Libraries",
            "restricted": False,
            "permissions": ["sms", "email", "letter"],
            "email_from": "libraries",
            "api_keys": [{"name": "demo", "secret": self.council_secret, "key_type": "normal"}],
            "sms_senders": [{"sms_sender": "YORKLIB", "is_default": True}],
            "callbacks": [
                {"type": "delivery_status", "url": callback_url, "bearer_token": bearer_token, "secret": secret}
            ],
            "templates": [
                {
                    "id": self.sms_template,
                    "name": "Book ready",
                    "type": "sms",
                    "content": "Dear ((name)), “((title))” is ready for you at ((library)) until ((until)).",
                },
                {
                    "id": self.email_template,
                    "name": "Loans due",
                    "type": "email",
                    "subject": "((name)), your loans are due",
                    "content": "# Your loans\n\nDear ((name)),\n\nplease bring back:\n\n((titles))\n\nThank you!",
                },
                {
                    "id": self.letter_template,
                    "name": "Your card",
                    "type": "letter",
                    "subject": "Your library card",
                    "content": "Dear ((name)),\n\nyour card is number ((card)). Croeso i’r llyfrgell, ŵ ac ŷ!",
                    "letter_contact_block": "City of York Libraries\nMuseum Street\nYork\nYO1 7DS",
                },
            ],
        }

    def _agency(self) -> dict[str, Any]:
        return {
            "id": self.agency,
            "name": "Flood warnings",
            "permissions": ["broadcast"],
            "broadcast": {"channel": "severe", "mode": "live"},
            "api_keys": [{"name": "warnings", "secret": self.agency_secret, "key_type": "normal"}],
            "users": [
                {"id": self.author, "name": "Ada Author", "email_address": "ada@agency.example"},
                {"id": self.approver, "name": "Ben Second", "email_address": "ben@agency.example"},
            ],
        }

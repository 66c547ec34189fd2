"""Texts that the in-memory supplier brings: JSON, with a user name and a password."""

import json
from base64 import b64encode
from dataclasses import dataclass

from notify_core.inbound.model import ReceivedText
from notify_core.inbound.ports import (
    Acknowledgement,
    InboundForbidden,
    InboundRequest,
    InboundUnauthenticated,
    InboundUnreadable,
)

THANKS = Acknowledgement("thank you", "text/plain")


@dataclass(frozen=True)
class MemoryInboundTranslator:
    """Reads what :meth:`request` writes."""

    supplier: str = "memory"
    acknowledgement: Acknowledgement = THANKS
    word: str = "user:open sesame"

    def request(
        self, source: str, destination: str, content: str, reference: str = "1", word: str | None = None
    ) -> InboundRequest:
        """A request as the supplier would send it; ``word`` instead of the right one."""
        shown = b64encode((word or self.word).encode()).decode()
        text = {"source": source, "destination": destination, "content": content, "reference": reference}
        return InboundRequest(json.dumps(text).encode(), {"authorization": f"Basic {shown}"})

    def translate(self, request: InboundRequest) -> ReceivedText:
        shown = request.headers.get("authorization")
        if shown is None:
            raise InboundUnauthenticated("no user name and password")
        if shown != f"Basic {b64encode(self.word.encode()).decode()}":
            raise InboundForbidden("a wrong user name or password")
        try:
            return ReceivedText(self.supplier, **json.loads(request.body))
        except (ValueError, TypeError, RecursionError):
            raise InboundUnreadable(f"not a text of {self.supplier}") from None

"""A mail server that remembers what it took, and can be given troubles."""

import asyncio
import email
from dataclasses import dataclass
from typing import Any

from chaos.records import Records
from chaos.trouble import Trouble, of_this_request, wait_of


@dataclass
class MailServer:
    """aiosmtpd's handler. A message's key is what stands before the ``@`` of its ``Message-ID``: our reference."""

    name: str
    records: Records
    trouble: Trouble = Trouble.NONE

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - so aiosmtpd calls it
        trouble = of_this_request(self.trouble)
        if trouble is Trouble.ERRORS:
            return "451 try again later"
        if trouble is Trouble.REFUSING:
            return self._hang_up(server)
        message_id = email.message_from_bytes(envelope.content)["Message-ID"]
        taken = self.records.take(self.name, message_id.strip("<>").partition("@")[0])
        await asyncio.sleep(wait_of(trouble))
        self.records.said(taken, in_time=trouble.answers)
        return self._hang_up(server) if trouble is Trouble.CUT else "250 OK"

    def _hang_up(self, server: Any) -> str:
        server.transport.abort()
        return "421 gone"

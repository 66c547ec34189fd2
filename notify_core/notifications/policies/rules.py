"""What a deployment decides about sending."""

import re
from dataclasses import dataclass

from notify_core.accounts.model import Service


@dataclass(frozen=True, slots=True)
class SendingRules:
    """``email_domain`` is what every service's address ends in; ``default_sms_sender`` is shown by
    phones where a service has no sender of its own."""

    api_base_url: str
    admin_base_url: str
    email_domain: str
    default_sms_sender: str = "GOVUK"

    def email_address_of(self, service: Service) -> str:
        """The address a service's emails come from."""
        local = service.email_from or re.sub(r"[^a-z0-9]+", ".", service.name.lower()).strip(".")
        return f"{local or 'service'}@{self.email_domain}"

    def from_header_of(self, service: Service) -> str:
        """Name and address as a mail program shows them."""
        name = " ".join(service.name.split()).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{name}" <{self.email_address_of(service)}>'

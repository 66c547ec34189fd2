"""Amazon SES: emails by its API, version 2. Its receipts are in ``ses_receipts``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from notify_adapters import aws
from notify_adapters.aws import LazyClient
from notify_adapters.email.mime import recipient_of, sender_of, written
from notify_adapters.options import known
from notify_core.kernel.errors import TransientError
from notify_core.notifications.ports import EmailSupplier, OutgoingEmail, SupplierRefused

OPTIONS: Mapping[str, str] = {
    **aws.OPTIONS,
    "configuration_set": "the configuration set whose events become receipts (none: those of the identity)",
}

NAME = "ses"
# Of the content or the addresses; what else SES says is about our account or its own state, and may be mended.
_REFUSALS = frozenset({"BadRequestException", "MessageRejected"})
# The account may not send from, or in Amazon's sandbox to, this address: that is ours to mend.
_UNVERIFIED = "not verified"


@dataclass(frozen=True)
class Ses:
    """Receipts carry SES's own id of the message."""

    client: LazyClient[Any]
    configuration_set: str = ""
    name: str = NAME
    sends_receipts: bool = True

    def send(self, message: OutgoingEmail) -> str:
        request = {
            "FromEmailAddress": sender_of(message),
            "Destination": {"ToAddresses": [recipient_of(message)]},
            "Content": {"Raw": {"Data": written(message).as_bytes()}},
            "EmailTags": [{"Name": "reference", "Value": message.reference}],
        }
        if self.configuration_set:
            request["ConfigurationSetName"] = self.configuration_set
        try:
            return str(self.client().send_email(**request)["MessageId"])
        except ClientError as error:
            code, said = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
            # Without what it said, which may repeat the address.
            if code in _REFUSALS and _UNVERIFIED not in said:
                raise SupplierRefused(f"SES answered {code}") from None
            raise TransientError(f"SES answered {code}") from None
        except BotoCoreError as error:
            raise TransientError(f"no answer of SES: {type(error).__name__}") from error


def build(options: Mapping[str, str]) -> EmailSupplier:
    """Options of AWS (see ``notify_adapters.aws``), ``configuration_set``."""
    known(options, *OPTIONS)
    # One try: SES does not know a message again.
    to = aws.settings(options)
    aws.require_credentials(to)
    return Ses(LazyClient(lambda: aws.make_client("sesv2", to)), options.get("configuration_set", "").strip())

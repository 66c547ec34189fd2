"""The headers of a callback, with a signature by the Standard Webhooks specification
(https://www.standardwebhooks.com), version 1."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from notify_core.accounts.model import Callback

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what every secret begins with is no secret


def signed_headers(callback: Callback, webhook_id: str, now: datetime, body: bytes) -> Mapping[str, str]:
    """The headers of one attempt: the service's token, and the signature with its secret."""
    timestamp = str(int(now.timestamp()))
    signed = b".".join((webhook_id.encode(), timestamp.encode(), body))
    signature = hmac.digest(_key(callback.secret), signed, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {callback.bearer_token}",
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        # A secret that somebody made up is used as it stands.
        return secret.encode()

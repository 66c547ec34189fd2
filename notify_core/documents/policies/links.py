"""Links to files, and the passes of people who have shown that they may have one."""

import hmac
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from notify_core.documents.model import DocumentPlace
from notify_core.kernel.ids import DocumentId
from notify_core.ports.random_source import RandomSource
from notify_core.ports.secrets import Secrets

PASS_LASTS: Final = timedelta(hours=1)
_PURPOSE: Final = "document-pass"
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def new_key(random: RandomSource) -> str:
    """What nobody guesses: 244 bits of chance."""
    return urlsafe_b64encode(random.uuid().bytes + random.uuid().bytes).decode().rstrip("=")


def hash_of(key: str) -> str:
    """What is kept of a key. It has more chance in it than anybody can try, so that it needs no salt."""
    return sha256(key.encode()).hexdigest()


def is_key(key: str, key_hash: str) -> bool:
    """Whether ``key`` is the one that was hashed; in constant time."""
    return _KEY.fullmatch(key) is not None and hmac.compare_digest(hash_of(key), key_hash)


def link_to(place: DocumentPlace, key: str, api_base_url: str) -> str:
    """What the message carries."""
    return f"{api_base_url}/d/{place.service_id}/{place.document_id}?key={key}"


def pass_for(document_id: DocumentId, now: datetime, secrets: Secrets) -> str:
    """What lets somebody download a file within the hour without being asked again."""
    until = int((now + PASS_LASTS).timestamp())
    return f"{until}.{secrets.sign(f'{document_id}.{until}', purpose=_PURPOSE)}"


def passes(shown: str, document_id: DocumentId, now: datetime, secrets: Secrets) -> bool:
    """Whether ``shown`` is a pass for this file that is still good."""
    until, _, signature = shown.partition(".")
    if not secrets.verify(f"{document_id}.{until}", signature, purpose=_PURPOSE):
        return False
    return now < datetime.fromtimestamp(int(until), UTC)

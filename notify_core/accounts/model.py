"""Services (team accounts), their people, keys, senders and settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from notify_core.kernel.ids import ApiKeyId, CallbackId, ReplyToId, ServiceId, SmsSenderId, UserId


class Permission(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    INTERNATIONAL_SMS = "international_sms"
    INTERNATIONAL_LETTERS = "international_letters"
    INBOUND_SMS = "inbound_sms"
    BROADCAST = "broadcast"
    EMAIL_AUTH = "email_auth"
    UPLOAD_LETTERS = "upload_letters"


class KeyType(StrEnum):
    NORMAL = "normal"
    TEAM = "team"
    TEST = "test"


class CallbackType(StrEnum):
    DELIVERY_STATUS = "delivery_status"
    COMPLAINT = "complaint"
    INBOUND_SMS = "inbound_sms"
    RETURNED_LETTER = "returned_letter"


class BroadcastChannel(StrEnum):
    TEST = "test"
    OPERATOR = "operator"
    SEVERE = "severe"
    GOVERNMENT = "government"


class BroadcastMode(StrEnum):
    """What administrators call the ``restricted`` of a service that broadcasts."""

    TRAINING = "training"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Service:
    """A team's account. ``restricted`` is trial mode (for broadcasts: training mode).

    ``message_limit`` is how many may be sent a day per channel (``sms``, ``email``, ``letter``,
    ``international_sms``); an absent channel has no limit. ``rate_limit`` is requests per 60 s.
    """

    id: ServiceId
    name: str
    created_at: datetime
    active: bool = True
    restricted: bool = True
    permissions: frozenset[Permission] = frozenset({Permission.SMS, Permission.EMAIL})
    message_limit: Mapping[str, int] = field(default_factory=dict)
    rate_limit: int = 3000
    email_from: str | None = None
    prefix_sms: bool = True
    count_as_live: bool = True
    contact_link: str | None = None
    go_live_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class User:
    id: UserId
    name: str
    email_address: str
    mobile_number: str | None = None
    platform_admin: bool = False


@dataclass(frozen=True, slots=True)
class ApiKey:
    """``secret`` is the last part of the key that its owner holds."""

    id: ApiKeyId
    service_id: ServiceId
    name: str
    secret: str
    key_type: KeyType
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever proved to hold ``api_key`` of ``service``."""

    service: Service
    api_key: ApiKey


@dataclass(frozen=True, slots=True)
class SmsSender:
    """What a phone shows as the sender; ``inbound``: a number that also receives texts."""

    id: SmsSenderId
    service_id: ServiceId
    sms_sender: str
    is_default: bool = False
    inbound: bool = False


@dataclass(frozen=True, slots=True)
class ReplyTo:
    id: ReplyToId
    service_id: ServiceId
    email_address: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Callback:
    """Where a service wants to be told; ``secret`` (``whsec_…``) signs what it is told."""

    id: CallbackId
    service_id: ServiceId
    type: CallbackType
    url: str
    bearer_token: str
    secret: str


@dataclass(frozen=True, slots=True)
class BroadcastSettings:
    """``provider`` restricts the service to one network; None: all enabled ones. Whether it is in
    training mode is the service's ``restricted``."""

    service_id: ServiceId
    channel: BroadcastChannel
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class DataRetention:
    service_id: ServiceId
    type: str
    days: int


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when and from where; entries are only ever added.

    ``who`` is a user id, an API key id, ``operator`` or, where the admin application does not say for
    whom it asks, ``notify-admin``; ``subject`` the id acted on; ``where`` the way in (``http``, ``cli``)
    with the request id; ``what`` holds no personal data.
    """

    at: datetime
    who: str
    what: str
    subject: str
    where: str


@dataclass(frozen=True, slots=True)
class RequestKey:
    """Which request of whom: the name that the caller gave it counts for one API key and one path."""

    api_key_id: ApiKeyId
    path: str
    key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered, as it went out."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    """A request that has a name: under way, or, with ``answer``, answered. ``token`` is another for each
    process that takes it up; ``body_index`` is the body's blind index, since bodies hold recipients."""

    request: RequestKey
    body_index: str
    token: str
    created_at: datetime
    answer: Answer | None = None

"""Where accounts are kept."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from notify_core.accounts.model import (
    Answer,
    ApiKey,
    AuditEntry,
    BroadcastSettings,
    Callback,
    CallbackType,
    DataRetention,
    IdempotencyRecord,
    ReplyTo,
    Service,
    SmsSender,
    User,
)
from notify_core.kernel.ids import ApiKeyId, ReplyToId, ServiceId, SmsSenderId, UserId
from notify_core.ports.unit_of_work import UnitOfWork


class Services(Protocol):
    """``put`` stores a new thing or replaces the one with its identity; provisioning is idempotent."""

    def get(self, service_id: ServiceId) -> Service:
        """:raises NotFound: no such service."""
        ...

    def get_for_change(self, service_id: ServiceId) -> Service:
        """As :meth:`get`, for whoever puts it changed: until this unit of work is over nobody else changes it, and
        what others have changed at this moment is in it.

        :raises NotFound: no such service.
        """
        ...

    def add(self, service: Service) -> None:
        """:raises AlreadyExists: at commit, when the id is taken."""
        ...

    def put(self, service: Service) -> None: ...

    def all(self) -> Sequence[Service]:
        """Every service, by name."""
        ...


class Users(Protocol):
    def get(self, user_id: UserId) -> User:
        """:raises NotFound: no such user."""
        ...

    def put(self, user: User) -> None: ...

    def add_to_service(self, user_id: UserId, service_id: ServiceId) -> None:
        """Make the user a member; nothing happens when already one."""
        ...

    def remove_from_service(self, user_id: UserId, service_id: ServiceId) -> None:
        """End the membership; nothing happens where there is none."""
        ...

    def is_member(self, user_id: UserId, service_id: ServiceId) -> bool: ...

    def members(self, service_id: ServiceId) -> Sequence[User]:
        """The team, by name."""
        ...


class ApiKeys(Protocol):
    def get(self, key_id: ApiKeyId) -> ApiKey:
        """:raises NotFound: no such key."""
        ...

    def put(self, key: ApiKey) -> None: ...

    def of_service(self, service_id: ServiceId) -> Sequence[ApiKey]:
        """All keys, revoked ones too, newest first."""
        ...


class Senders(Protocol):
    """SMS senders and reply-to addresses. Storing a default one ends the default of the others, and raises
    :class:`Conflict` when another is stored as the default at the same moment."""

    def put_sms_sender(self, sender: SmsSender) -> None: ...

    def sms_sender(self, service_id: ServiceId, sender_id: SmsSenderId) -> SmsSender:
        """:raises NotFound: the service has no such sender."""
        ...

    def default_sms_sender(self, service_id: ServiceId) -> SmsSender | None: ...

    def sms_senders(self, service_id: ServiceId) -> Sequence[SmsSender]:
        """All of the service, the default one first, the others by what they show."""
        ...

    def remove_sms_sender(self, service_id: ServiceId, sender_id: SmsSenderId) -> None:
        """Nothing happens where the service has none."""
        ...

    def receiving(self, numbers: Collection[str]) -> Sequence[SmsSender]:
        """Those of any service that receive texts at one of ``numbers``, in the order of their ids."""
        ...

    def put_reply_to(self, reply_to: ReplyTo) -> None: ...

    def reply_to(self, service_id: ServiceId, reply_to_id: ReplyToId) -> ReplyTo:
        """:raises NotFound: the service has no such address."""
        ...

    def default_reply_to(self, service_id: ServiceId) -> ReplyTo | None: ...

    def reply_tos(self, service_id: ServiceId) -> Sequence[ReplyTo]:
        """All of the service, the default one first, the others by address."""
        ...

    def remove_reply_to(self, service_id: ServiceId, reply_to_id: ReplyToId) -> None:
        """Nothing happens where the service has none."""
        ...


class Callbacks(Protocol):
    def put(self, callback: Callback) -> None:
        """One per service and type: replaces the earlier one."""
        ...

    def find(self, service_id: ServiceId, kind: CallbackType) -> Callback | None: ...

    def of_service(self, service_id: ServiceId) -> Sequence[Callback]:
        """By type."""
        ...

    def remove(self, service_id: ServiceId, kind: CallbackType) -> None:
        """Nothing happens where there is none."""
        ...


class GuestList(Protocol):
    def add(self, service_id: ServiceId, recipient: str) -> None:
        """``recipient`` normalised; nothing happens when it is there already."""
        ...

    def contains(self, service_id: ServiceId, recipient: str) -> bool: ...

    def of_service(self, service_id: ServiceId) -> Sequence[str]:
        """All of them, sorted."""
        ...

    def replace(self, service_id: ServiceId, recipients: Collection[str]) -> None:
        """``recipients``, normalised, are on the list, and nobody else."""
        ...


class Settings(Protocol):
    """Per-service settings that few services have."""

    def put_broadcast(self, settings: BroadcastSettings) -> None: ...

    def broadcast(self, service_id: ServiceId) -> BroadcastSettings | None: ...

    def put_retention(self, retention: DataRetention) -> None:
        """One per service and type."""
        ...

    def retentions(self, service_id: ServiceId) -> Sequence[DataRetention]: ...


class AuditLog(Protocol):
    def add(self, entry: AuditEntry) -> None: ...

    def about(self, subject: str) -> Sequence[AuditEntry]:
        """Everything done to one thing, oldest first."""
        ...


class IdempotencyRecords(Protocol):
    """Requests that have names, with their answers. Leases run by database time."""

    def begin(self, record: IdempotencyRecord, lease: timedelta, *, kept_since: datetime) -> IdempotencyRecord:
        """What holds the name of ``record.request`` now: ``record`` itself, stored as under way for ``lease``, where
        nobody else holds it; else the other. A record without an answer whose lease ran out, and one from before
        ``kept_since``, hold nothing any more. Of several callers at the same time one gets its own record."""
        ...

    def complete(self, record: IdempotencyRecord, answer: Answer) -> None:
        """Keep the answer to ``record``. Until this unit of work is over nobody else can take its name.

        :raises Conflict: it is answered, dropped, or taken up by somebody else.
        """
        ...

    def drop(self, record: IdempotencyRecord) -> None:
        """The name is free again; nothing happens where ``record`` is answered, dropped or somebody else's."""
        ...

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Drop up to ``limit`` of those from before ``moment``, oldest first; returns how many."""
        ...


class UnverifiedToken(Protocol):
    """A token as its bearer wrote it, nothing of it believed yet."""

    @property
    def algorithm(self) -> str | None:
        """What its header says it is signed with."""
        ...

    @property
    def issuer(self) -> str | None: ...

    @property
    def issued_at(self) -> datetime | None:
        """Aware; None when absent or not a time."""
        ...

    def is_signed_with(self, secret: str) -> bool:
        """Whether its signature was made with ``secret``; compared in constant time."""
        ...


class AccountsWork(UnitOfWork, Protocol):
    @property
    def services(self) -> Services: ...
    @property
    def users(self) -> Users: ...
    @property
    def api_keys(self) -> ApiKeys: ...
    @property
    def senders(self) -> Senders: ...
    @property
    def callbacks(self) -> Callbacks: ...
    @property
    def guest_list(self) -> GuestList: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def audit(self) -> AuditLog: ...
    @property
    def idempotency(self) -> IdempotencyRecords: ...

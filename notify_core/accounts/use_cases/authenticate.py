"""Finding out who calls. The order of the checks is part of the published API: a caller who has
several things wrong is told the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from notify_core.accounts.model import ApiKey, Caller, Service
from notify_core.accounts.policies import ALGORITHM, AuthFailed, is_recent
from notify_core.accounts.ports import AccountsWork, UnverifiedToken
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ServiceId
from notify_core.ports.clock import Clock
from notify_core.ports.unit_of_work import UnitOfWorkFactory

ADMIN_ISSUER: Final = "notify-admin"


@dataclass(frozen=True)
class AuthenticateService:
    """Which service, by which of its keys. ``recent`` may answer with what was true a moment ago.

    :raises AuthFailed: with the status and text of the published API.
    """

    work: UnitOfWorkFactory[AccountsWork]
    recent: UnitOfWorkFactory[AccountsWork]
    clock: Clock

    def __call__(self, token: UnverifiedToken) -> Caller:
        service_id = _service_id(token.issuer)
        try:
            return self._caller(self.recent, service_id, token)
        except AuthFailed:
            # The key may have been made, or the service brought back, just now.
            return self._caller(self.work, service_id, token)

    def _caller(
        self, open_work: UnitOfWorkFactory[AccountsWork], service_id: ServiceId, token: UnverifiedToken
    ) -> Caller:
        with open_work(read_only=True) as work:
            service = _known(work, service_id)
            keys = work.api_keys.of_service(service_id)
        if not keys:
            raise AuthFailed(403, "Invalid token: service has no API keys")
        if not service.active:
            raise AuthFailed(403, "Invalid token: service is archived")
        if token.algorithm != ALGORITHM:
            raise AuthFailed(403, "Invalid token: algorithm used is not HS256")
        key = _signing_key(token, keys)
        if not is_recent(token.issued_at, self.clock.now()):
            raise AuthFailed(403, "Error: Your system clock must be accurate to within 30 seconds")
        return Caller(service, key)


def _service_id(issuer: str | None) -> ServiceId:
    if not issuer:
        raise AuthFailed(403, "Invalid token: iss field not provided")
    try:
        return ServiceId(UUID(issuer))
    except ValueError:
        raise AuthFailed(403, "Invalid token: service id is not the right data type") from None


def _known(work: AccountsWork, service_id: ServiceId) -> Service:
    try:
        return work.services.get(service_id)
    except NotFound:
        raise AuthFailed(403, "Invalid token: service not found") from None


def _signing_key(token: UnverifiedToken, keys: Sequence[ApiKey]) -> ApiKey:
    signing = [key for key in keys if token.is_signed_with(key.secret)]
    for key in signing:
        if key.revoked_at is None:
            return key
    raise AuthFailed(403, "Invalid token: API key revoked" if signing else "Invalid token: API key not found")


def authenticate_admin(token: UnverifiedToken | None, secrets: Sequence[str], now: datetime) -> None:
    """Let an admin application in, by any of the accepted ``secrets`` (rotation).

    ``token`` is None where none was shown.

    :raises AuthFailed: with its status and text.
    """
    if token is None or token.issuer != ADMIN_ISSUER or token.algorithm != ALGORITHM:
        raise AuthFailed(401, "Unauthorized: admin authentication token required")
    # Every secret is tried, so that the time taken does not tell which one fits.
    if not sum(token.is_signed_with(secret) for secret in secrets):
        raise AuthFailed(401, "Unauthorized: admin authentication token not found")
    if not is_recent(token.issued_at, now):
        raise AuthFailed(403, "Invalid token: expired, check that your system clock is accurate")

"""What a deployment has chosen, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from notify_adapters.options import boolean
from notify_core.kernel.errors import NotifyError
from notify_core.ports.tickets import TicketPriority

# The command that prints a new secret.
MAKES_ONE = "`python -c 'import secrets; print(secrets.token_hex(32))'`"


class SettingsError(NotifyError):
    """The configuration is wrong; the message names the variable and what it may be."""


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PREVIEW = "preview"
    STAGING = "staging"
    LIVE = "live"

    @property
    def log_format(self) -> LogFormat:
        """That of this environment's log lines when nobody says."""
        return LogFormat.TEXT if self is Environment.DEVELOPMENT else LogFormat.JSON


@dataclass(frozen=True, slots=True)
class AdapterChoice:
    """One adapter of a port, with its options (never printed: some are secrets)."""

    name: str
    options: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process needs to know. ``adapters`` maps a port's name (``sms``) to its choices."""

    environment: Environment
    data_dir: Path
    database_url: str = field(repr=False)
    host: str
    port: int
    admin_base_url: str
    api_base_url: str
    email_domain: str
    runbook_url: str | None
    app_name: str
    log_format: LogFormat
    broadcast_duration: timedelta
    broadcast_headline: str
    broadcast_sender: str
    broadcast_ticket_priority: TicketPriority
    task_limit_per_key: int
    task_lease: timedelta
    secret_keys: Sequence[str] = field(repr=False)
    admin_secrets: Sequence[str] = field(repr=False)
    adapters: Mapping[str, tuple[AdapterChoice, ...]]
    allow_fakes: bool

    @property
    def live(self) -> bool:
        return self.environment is Environment.LIVE

    @property
    def refuses_fakes(self) -> bool:
        """Whether nobody may use a part that reaches nobody."""
        return self.live and not self.allow_fakes

    @property
    def embedded_database(self) -> bool:
        """Whether the database is a file of this machine, which ``notify serve`` may migrate."""
        return self.database_kind == "sqlite"

    @property
    def database_kind(self) -> str:
        """``sqlite`` or ``postgresql``: what of the address is no secret."""
        return self.database_url.partition(":")[0].partition("+")[0]

    @property
    def private_callbacks(self) -> bool:
        """Whether services may be told at private addresses, and without TLS."""
        return boolean(self.adapters["callbacks"][0].options, "allow_private_addresses")

    def needed_secret_keys(self) -> Sequence[str]:
        """For whoever reads or writes personal data.

        :raises SettingsError: there are none.
        """
        return self._needed("NOTIFY_SECRET_KEYS", self.secret_keys)

    def needed_admin_secrets(self) -> Sequence[str]:
        """For whoever lets the admin application in.

        :raises SettingsError: there are none.
        """
        return self._needed("NOTIFY_ADMIN_SECRETS", self.admin_secrets)

    def _needed(self, name: str, secrets: Sequence[str]) -> Sequence[str]:
        if not secrets:
            where, listed = self.environment.value, "a comma-separated list, the first one in use"
            raise SettingsError(f"{name} must be set in {where}: {listed}; {MAKES_ONE} makes one")
        return secrets

"""From variables to checked settings: whatever is wrong stops the start with one clear message."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from notify_core.ports.tickets import TicketPriority
from notify_entrypoints.settings.choices import choose, refuse_private_callbacks
from notify_entrypoints.settings.development_secrets import development_secrets
from notify_entrypoints.settings.model import MAKES_ONE, Environment, LogFormat, Settings, SettingsError
from notify_entrypoints.settings.source import read_variables
from notify_entrypoints.settings.values import Values, comma_list
from notify_entrypoints.settings.variables import VARIABLES

# In bytes: what HMAC-SHA256 signs with should be no shorter than what it gives.
_SHORTEST_SECRET = 32

# What a server that listens everywhere is called by those on the same machine.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is bound here


def load_settings(environ: Mapping[str, str] | None = None, *, given: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.

    :param environ: the environment (default: the process's own).
    :param given: variables that win over it, from the command line.
    :raises SettingsError: an unknown variable, adapter or option, a value that cannot be, private callbacks in
        ``live``. A secret that is missing, and a fake in ``live``, are refused by the processes that need the part.
    """
    values = _values({**read_variables(environ), **(given or {})})
    environment = values.one_of(Environment, "NOTIFY_ENVIRONMENT")
    data_dir = Path(values.text("NOTIFY_DATA_DIR")).expanduser().absolute()
    host, port = values.text("NOTIFY_HOST"), values.integer("NOTIFY_PORT", 1, 65535)
    shared = {
        "data_dir": str(data_dir),
        "environment": environment.value,
        "app_name": values.text("NOTIFY_APP_NAME"),
        "api_base_url": values.url("NOTIFY_API_BASE_URL", _address(host, port)),
        "admin_base_url": values.url("NOTIFY_ADMIN_BASE_URL"),
        "email_domain": values.text("NOTIFY_EMAIL_DOMAIN"),
    }
    adapters = choose(values.given, shared)
    if environment is Environment.LIVE:
        refuse_private_callbacks(adapters)
    return Settings(
        environment=environment,
        data_dir=data_dir,
        database_url=values.optional("NOTIFY_DATABASE_URL") or f"sqlite:///{data_dir / 'notify.db'}",
        host=host,
        port=port,
        admin_base_url=shared["admin_base_url"],
        api_base_url=shared["api_base_url"],
        email_domain=shared["email_domain"],
        runbook_url=values.url("NOTIFY_RUNBOOK_URL") if values.optional("NOTIFY_RUNBOOK_URL") else None,
        app_name=shared["app_name"],
        log_format=values.one_of(LogFormat, "NOTIFY_LOG_FORMAT", environment.log_format),
        broadcast_duration=values.alert_duration("NOTIFY_BROADCAST_DURATION"),
        broadcast_headline=values.text("NOTIFY_BROADCAST_HEADLINE"),
        broadcast_sender=values.text("NOTIFY_BROADCAST_SENDER"),
        broadcast_ticket_priority=values.one_of(TicketPriority, "NOTIFY_BROADCAST_TICKET_PRIORITY"),
        task_limit_per_key=values.integer("NOTIFY_TASK_LIMIT_PER_KEY", 1, 1000),
        task_lease=values.duration("NOTIFY_TASK_LEASE"),
        secret_keys=_secrets(values, "NOTIFY_SECRET_KEYS", environment, data_dir),
        admin_secrets=_secrets(values, "NOTIFY_ADMIN_SECRETS", environment, data_dir),
        adapters=adapters,
        allow_fakes=values.boolean("NOTIFY_ALLOW_FAKES"),
    )


def _values(given: Mapping[str, str]) -> Values:
    """What is given over the defaults; a variable that is set to nothing is not set."""
    defaults = {variable.name: variable.default for variable in VARIABLES if variable.default is not None}
    return Values(defaults | {name: text for name, value in given.items() if (text := value.strip())})


def _address(host: str, port: int) -> str:
    host = _EVERYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _secrets(values: Values, name: str, environment: Environment, data_dir: Path) -> tuple[str, ...]:
    """Empty where none are given: a process that needs them refuses to start, the others do without."""
    if (given := values.optional(name)) is not None:
        if not (listed := comma_list(given)):
            raise SettingsError(f"{name} holds no secret: it is a comma-separated list, the first one in use")
        if environment is not Environment.DEVELOPMENT:
            _require_length(name, listed, environment)
        return listed
    if environment is Environment.DEVELOPMENT:
        return tuple(development_secrets(data_dir)["secret_keys" if name == "NOTIFY_SECRET_KEYS" else "admin_secrets"])
    return ()


def _require_length(name: str, secrets: Sequence[str], environment: Environment) -> None:
    for number, secret in enumerate(secrets, 1):
        if (length := len(secret.encode())) < _SHORTEST_SECRET:
            raise SettingsError(
                f"{name}: secret {number} of {len(secrets)} has {length} bytes, which is too few to be safe in "
                f"{environment.value}: at least {_SHORTEST_SECRET} that nobody can guess, such as {MAKES_ONE} makes"
            )

"""From a choice in the settings to the adapter itself."""

import re
import sqlite3
from collections.abc import Iterable
from datetime import timedelta
from threading import Event
from typing import Any, Protocol

from notify_adapters.options import BadOption, integer
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.callbacks.policies import CallbackRules
from notify_core.letters.policies.rules import LetterRules
from notify_core.notifications.policies.rules import SendingRules
from notify_core.ports.task_ledger import RelayLimits
from notify_core.registry.relay import HAND_OVER
from notify_entrypoints.plugins import installed, load_build
from notify_entrypoints.settings import AdapterChoice, Settings, SettingsError
from notify_entrypoints.settings.variables import PORTS, Port

_PORTS = {port.name: port for port in PORTS}

# How BadOption begins where it is about one option.
_OPTION = re.compile(r"^option (\w+)")

COMPANIONS = "notify.companions"
# The ports whose adapters a companion is given, because what it stands in for answers there and not over HTTP.
_ANSWERS_INTO = {"letter_printer": ("letter_store",)}


class Companion(Protocol):
    """What runs beside the embedded server for an adapter: a fake supplier that sends receipts."""

    def run(self, stop: Event) -> None:
        """Work until ``stop`` is set."""
        ...


def adapter(settings: Settings, port: str) -> Any:
    """The one adapter chosen for a port."""
    return adapters(settings, port)[0]


def adapters(settings: Settings, port: str) -> tuple[Any, ...]:
    """All adapters chosen for a port, in the order given.

    :raises SettingsError: one does not start with the options it was given.
    """
    return tuple(_built(_PORTS[port], choice, _PORTS[port].group, choice.name) for choice in settings.adapters[port])


def suppliers(settings: Settings, port: str) -> dict[str, Any]:
    """The suppliers chosen for a port, by the names that receipts and records use."""
    return _by_name(port, [(supplier.name, supplier) for supplier in adapters(settings, port)])


def translators(settings: Settings, port: str) -> dict[str, Any]:
    """The receipt translators chosen for a port, by the last part of their endpoint's path."""
    return _by_name(port, [(translator.supplier, translator) for translator in adapters(settings, port)])


def companions(settings: Settings) -> tuple[Companion, ...]:
    """What runs beside the chosen adapters (entry points ``<port>.<adapter>``)."""
    known = installed(COMPANIONS)
    return tuple(
        _built(
            _PORTS[port], choice, COMPANIONS, name, *(adapter(settings, other) for other in _ANSWERS_INTO.get(port, ()))
        )
        for port, choices in settings.adapters.items()
        for choice in choices
        if (name := f"{port}.{choice.name}") in known
    )


def broadcast_rules(settings: Settings) -> BroadcastRules:
    """What this deployment decides about broadcasts."""
    return BroadcastRules(
        live=settings.live,
        duration=settings.broadcast_duration,
        headline=settings.broadcast_headline,
        sender=settings.broadcast_sender,
        ticket_priority=settings.broadcast_ticket_priority,
        admin_base_url=settings.admin_base_url,
        runbook_url=settings.runbook_url or "",
    )


def callback_rules(settings: Settings) -> CallbackRules:
    """What this deployment decides about callbacks."""
    (choice,) = settings.adapters["callbacks"]
    try:
        return CallbackRules(circuit_failures=integer(choice.options, "circuit_failures", 10, minimum=1))
    except BadOption as error:
        raise SettingsError(f"NOTIFY_CALLBACKS_CIRCUIT_FAILURES: {error}") from error


def letter_rules(settings: Settings) -> LetterRules:
    """What this deployment decides about letters."""
    return LetterRules(environment=settings.environment.value, runbook_url=settings.runbook_url or "")


def sending_rules(settings: Settings) -> SendingRules:
    """What this deployment decides about sending."""
    return SendingRules(
        api_base_url=settings.api_base_url,
        admin_base_url=settings.admin_base_url,
        email_domain=settings.email_domain,
    )


def relay_limits(settings: Settings) -> RelayLimits:
    """How much may be under way."""
    return RelayLimits(per_limit_key=settings.task_limit_per_key, lease=settings.task_lease)


def hand_over(settings: Settings) -> timedelta:
    """How long a relay's rows are left alone until the broker has them."""
    (choice,) = settings.adapters["task_queue"]
    return settings.task_lease if choice.name == "embedded" else HAND_OVER


def _built(port: Port, choice: AdapterChoice, group: str, name: str, *beside: Any) -> Any:
    chosen = f"{port.variable}={choice.name}"
    try:
        return load_build(group, name)(choice.options, *beside)
    except BadOption as error:
        # Adapters know their options, not the variables that these come from.
        said = _OPTION.sub(lambda option: port.prefix(choice.name) + option[1].upper(), str(error))
        raise SettingsError(f"{chosen}: {said}") from error
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(f"{chosen} cannot start: {error}") from error


def _by_name(port: str, named: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, part in named:
        if name in found:
            raise SettingsError(f"{_PORTS[port].variable}: two of those chosen stand for {name}; choose one of them")
        found[name] = part
    return found

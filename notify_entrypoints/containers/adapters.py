"""From a choice in the settings to the adapter itself."""

import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any, Protocol, runtime_checkable

from notify_adapters.letter_printer.places import volumes_to
from notify_adapters.options import BadOption, integer
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.callbacks.policies import CallbackRules
from notify_core.kernel.errors import NotifyError
from notify_core.letters.policies.rules import LetterRules
from notify_core.notifications.policies.rules import SendingRules
from notify_core.ports.task_ledger import RelayLimits
from notify_core.registry.relay import HAND_OVER
from notify_entrypoints.plugins import installed, load_build
from notify_entrypoints.settings import AdapterChoice, Settings, SettingsError
from notify_entrypoints.settings.choices import refuse_fake
from notify_entrypoints.settings.variables import PORTS, Port

_PORTS = {port.name: port for port in PORTS}

# How BadOption begins where it is about one option.
_OPTION = re.compile(r"^option (\w+)")

COMPANIONS = "notify.companions"
# The ports whose adapters a companion is given, because what it stands in for answers there and not over HTTP.
_ANSWERS_INTO = {"letter_printer": ("letter_store",)}


@runtime_checkable
class ChecksKeys(Protocol):
    """An adapter of which some ask only what it knows, and which needs its keys for the rest."""

    def check_keys(self) -> None:
        """Look whether they are there; nobody is called.

        :raises BadOption: one is not.
        """
        ...


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

    :raises SettingsError: one does not start with the options it was given, or is a fake in ``live``.
    """
    return tuple(_built(_PORTS[port], choice, _PORTS[port].group, choice.name) for choice in _choices(settings, port))


def with_keys(settings: Settings, port: str, part: Any) -> Any:
    """``part``, the adapter chosen for a port, for those who make it call somebody.

    :raises SettingsError: a key that calls take is missing.
    """
    if isinstance(part, ChecksKeys):
        (choice,) = settings.adapters[port]
        with naming_options(port, choice):
            part.check_keys()
    return part


def names(settings: Settings, port: str) -> tuple[str, ...]:
    """What the suppliers chosen for a port are called, for those who need none of their keys. An adapter that takes
    another's place says so by the function ``name`` beside its ``build``."""
    return tuple(_by_name(port, [(_name_of(_PORTS[port], choice), choice) for choice in _choices(settings, port)]))


def suppliers(settings: Settings, port: str) -> dict[str, Any]:
    """The suppliers chosen for a port, by the names that receipts and records use."""
    built = zip(names(settings, port), settings.adapters[port], adapters(settings, port), strict=True)
    return dict(_of_name(_PORTS[port], *each) for each in built)


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
    with naming_options("callbacks", choice):
        return CallbackRules(circuit_failures=integer(choice.options, "circuit_failures", 10, minimum=1))


def letter_rules(settings: Settings) -> LetterRules:
    """What this deployment decides about letters."""
    (choice,) = settings.adapters["letter_printer"]
    with naming_options("letter_printer", choice):
        told = volumes_to(choice.options)
    return LetterRules(settings.environment.value, settings.runbook_url or "", told)


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


def _choices(settings: Settings, port: str) -> tuple[AdapterChoice, ...]:
    chosen = settings.adapters[port]
    for choice in chosen if settings.refuses_fakes else ():
        refuse_fake(_PORTS[port], choice)
    return chosen


def _built(port: Port, choice: AdapterChoice, group: str, name: str, *beside: Any) -> Any:
    with naming_options(port.name, choice):
        return _loaded(port, group, name)(choice.options, *beside)


def _name_of(port: Port, choice: AdapterChoice) -> str:
    name = getattr(sys.modules[_loaded(port, port.group, choice.name).__module__], "name", None)
    with naming_options(port.name, choice):
        return choice.name if name is None else str(name(choice.options))


def _of_name(port: Port, name: str, choice: AdapterChoice, supplier: Any) -> tuple[str, Any]:
    if supplier.name != name:
        raise SettingsError(f"{port.variable}={choice.name} calls itself {supplier.name}; its module must say so")
    return name, supplier


def _loaded(port: Port, group: str, name: str) -> Any:
    try:
        return load_build(group, name)
    except NotifyError as error:
        raise SettingsError(f"{port.variable}: {error}") from error


@contextmanager
def naming_options(port: str, choice: AdapterChoice) -> Iterator[None]:
    """Adapters know their options, not the variables that these come from."""
    chosen = f"{_PORTS[port].variable}={choice.name}"
    try:
        yield
    except BadOption as error:
        said = _OPTION.sub(lambda option: _PORTS[port].prefix(choice.name) + option[1].upper(), str(error))
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

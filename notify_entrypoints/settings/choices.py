"""Which adapter each port has, with which options; what nobody knows is refused."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from notify_adapters.options import boolean
from notify_core.kernel.errors import NotifyError
from notify_entrypoints.plugins import MissingLibrary, installed, load_build, option_names
from notify_entrypoints.settings.model import AdapterChoice, SettingsError
from notify_entrypoints.settings.values import comma_list
from notify_entrypoints.settings.variables import PORTS, VARIABLES, Port

Choices = Mapping[str, tuple[AdapterChoice, ...]]

_PLAIN = frozenset(variable.name for variable in VARIABLES)
_FAKE = "fake"


def choose(given: Mapping[str, str], shared: Mapping[str, str]) -> Choices:
    """The adapters that ``given`` names, or the usual ones, by their port's name. Each is given the
    options in ``shared`` besides its own.

    :raises SettingsError: an adapter, an option or a variable that there is not.
    """
    choices = {port.name: tuple(_choices(port, given, shared)) for port in PORTS}
    _refuse_unknown(given, choices)
    return choices


def refuse_fake(port: Port, choice: AdapterChoice) -> None:
    """:raises SettingsError: it is one."""
    if choice.name == _FAKE:
        others = ", ".join(name for name in installed(port.group) if name != _FAKE)
        raise SettingsError(
            f"{port.variable}={_FAKE} is refused in live: it reaches nobody. Choose another "
            f"(installed are: {others or 'none'}), or set NOTIFY_ALLOW_FAKES=true"
        )


def refuse_private_callbacks(choices: Choices) -> None:
    """:raises SettingsError: services may be told at private addresses."""
    (choice,) = choices["callbacks"]
    if boolean(choice.options, "allow_private_addresses"):
        raise SettingsError(
            "NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES=true is refused in live: services would make us call whatever "
            "this machine can reach"
        )


def _choices(port: Port, given: Mapping[str, str], shared: Mapping[str, str]) -> Iterator[AdapterChoice]:
    chosen = comma_list(given.get(port.variable, _usual(port, given)))
    if not port.several and len(chosen) != 1:
        raise SettingsError(f"{port.variable} takes one adapter; known are: {', '.join(installed(port.group))}")
    for name in chosen:
        options = dict(_options(port, name, given))
        _refuse_unknown_options(port, name, options)
        yield AdapterChoice(name, {**shared, **options})


def _refuse_unknown_options(port: Port, name: str, options: Mapping[str, str]) -> None:
    if not options and name in installed(port.group):
        # Its libraries are loaded by those who use it.
        return
    try:
        known = option_names(load_build(port.group, name))
    except MissingLibrary:
        # Whoever uses it will say so.
        return
    except NotifyError as error:
        raise SettingsError(f"{port.variable}: {error}") from error
    if known is not None and (unknown := sorted(options.keys() - known.keys())):
        prefix = port.prefix(name)
        listed = ", ".join(prefix + option.upper() for option in known) or "none"
        raise SettingsError(f"{prefix}{unknown[0].upper()} is not an option of {name}; known are: {listed}")


def _usual(port: Port, given: Mapping[str, str]) -> str:
    # Whoever sends real emails is answered by real receipts.
    supplier = given.get("NOTIFY_EMAIL", _FAKE)
    if port.name == "email_receipts" and supplier != _FAKE:
        return supplier if supplier in installed(port.group) else ""
    return port.default


def _options(port: Port, name: str, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    prefix = port.prefix(name)
    for variable, value in given.items():
        if variable.startswith(prefix) and not _belongs_elsewhere(port, variable):
            yield variable.removeprefix(prefix).lower(), value


def _belongs_elsewhere(port: Port, variable: str) -> bool:
    """NOTIFY_EMAIL_DOMAIN and NOTIFY_EMAIL_RECEIPTS_… are no options of the email adapter."""
    longer = (other.variable for other in PORTS if other.variable.startswith(f"{port.variable}_"))
    return variable in _PLAIN or any(variable == other or variable.startswith(f"{other}_") for other in longer)


def _refuse_unknown(given: Mapping[str, str], choices: Choices) -> None:
    names = _PLAIN | {port.variable for port in PORTS}
    options = {
        f"{port.prefix(choice.name)}{option.upper()}"
        for port in PORTS
        for choice in choices[port.name]
        for option in choice.options
    }
    if unknown := sorted(name for name in given.keys() - names - options if not _waits_for_its_adapter(name)):
        near = get_close_matches(unknown[0], names | options, n=1, cutoff=0.85)
        meant = f" (did you mean {near[0]}?)" if near else ""
        listed = ", ".join(sorted(names))
        raise SettingsError(
            f"{unknown[0]} is not a variable of Notify{meant}; known are: {listed} and the adapters' options"
        )


def _waits_for_its_adapter(variable: str) -> bool:
    """Where a port takes several adapters, one that is taken out of the list for a while keeps its options."""
    for port in PORTS:
        for name in installed(port.group) if port.several else ():
            if variable.startswith(port.prefix(name)):
                try:
                    known = option_names(load_build(port.group, name))
                except NotifyError:
                    # Its library is not installed, which matters to nobody as long as it is not chosen.
                    return True
                return known is None or variable.removeprefix(port.prefix(name)).lower() in known
    return False

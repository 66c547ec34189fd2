"""Reading an adapter's options: texts in, checked values out, errors that name the option."""

from collections.abc import Mapping

from notify_core.kernel.errors import NotifyError

# What every adapter is given besides its own.
SHARED = frozenset({"data_dir", "environment", "app_name", "api_base_url", "admin_base_url", "email_domain"})

_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})


class BadOption(NotifyError):
    """An adapter cannot be built: an option is missing, unknown or not what it must be."""


def known(options: Mapping[str, str], *names: str) -> None:
    """:raises BadOption: an option is neither one of ``names`` nor shared by all adapters."""
    if unknown := sorted(options.keys() - SHARED - set(names)):
        listed = ", ".join(sorted(names)) or "none"
        raise BadOption(f"unknown option {', '.join(unknown)}; known ones: {listed}")


def required(options: Mapping[str, str], name: str) -> str:
    """:raises BadOption: it is missing or empty."""
    value = options.get(name, "").strip()
    if not value:
        raise BadOption(f"option {name} is required")
    return value


def integer(options: Mapping[str, str], name: str, default: int, *, minimum: int = 0) -> int:
    """:raises BadOption: it is not a whole number of at least ``minimum``."""
    text = options.get(name, "").strip()
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        raise BadOption(f"option {name} must be a whole number, not {text!r}") from None
    if value < minimum:
        raise BadOption(f"option {name} must be at least {minimum}, not {value}")
    return value


def seconds(options: Mapping[str, str], name: str, default: float) -> float:
    """A time-out or wait.

    :raises BadOption: it is not a number above 0 and at most a day.
    """
    text = options.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        raise BadOption(f"option {name} must be a number of seconds, not {text!r}") from None
    if not 0 < value <= 24 * 60 * 60:
        raise BadOption(f"option {name} must be more than 0 and at most 86400 seconds, not {text}")
    return value


def boolean(options: Mapping[str, str], name: str, default: bool = False) -> bool:
    """:raises BadOption: it is neither true nor false."""
    text = options.get(name, "").strip().lower()
    if not text:
        return default
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise BadOption(f"option {name} must be true or false, not {text!r}")


def comma_list(options: Mapping[str, str], name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The parts between commas, without surrounding blanks; empty parts are dropped."""
    if name not in options:
        return default
    return tuple(part for part in (raw.strip() for raw in options[name].split(",")) if part)


def choice(options: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    """:raises BadOption: it is none of ``choices``."""
    value = options.get(name, "").strip() or default
    if value not in choices:
        raise BadOption(f"option {name} must be one of {', '.join(choices)}, not {value!r}")
    return value

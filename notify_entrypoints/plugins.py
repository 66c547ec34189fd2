"""Adapters, ours and strangers', found by their entry points."""

import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any

from notify_core.kernel.errors import NotifyError

# Which extra of this distribution brings a library.
_EXTRAS = {
    "PIL": "letters",
    "alembic": "sql",
    "boto3": "aws",
    "botocore": "aws",
    "celery": "celery",
    "cryptography": "secrets",
    "dependency_injector": "di",
    "flask": "flask",
    "holidays": "letters",
    "jsonschema": "flask",
    "jsonschema_rs": "flask",
    "lxml": "cap",
    "paramiko": "sftp",
    "phonenumbers": "phones",
    "pikepdf": "letters",
    "prometheus_client": "prometheus",
    "pycurl": "sqs",
    "pypdfium2": "letters",
    "redis": "redis",
    "reportlab": "letters",
    "requests": "http",
    "rich": "cli",
    "shapely": "geometry",
    "sqlalchemy": "sql",
    "statsd": "statsd",
    "typer": "cli",
    "waitress": "flask",
}


class UnknownAdapter(NotifyError):
    """No installed distribution offers an adapter of this name; the message lists those there are."""


class MissingLibrary(NotifyError):
    """The adapter is there, the library it uses is not; the message names the extra to install."""


class BrokenAdapter(NotifyError):
    """The adapter is advertised, but its module is not as advertised."""


def installed(group: str) -> dict[str, EntryPoint]:
    """The entry points of a group by name, in alphabetical order."""
    points = _points(group, tuple(sys.path))
    return {point.name: point for point in sorted(points, key=lambda point: point.name)}


@cache
def _points(group: str, _path: tuple[str, ...]) -> EntryPoints:
    """Read once: it means opening a file of every installed distribution. What there is depends on the path."""
    return entry_points(group=group)


def load_build(group: str, name: str) -> Callable[[Mapping[str, str]], Any]:
    """The ``build`` function of an adapter.

    :raises UnknownAdapter: there is none of this name.
    :raises MissingLibrary: a library it imports is not installed.
    :raises BrokenAdapter: it cannot be loaded for another reason.
    """
    known = installed(group)
    if name not in known:
        raise UnknownAdapter(f"{name!r} is not installed; known are: {', '.join(known) or 'none'}")
    try:
        build: Callable[[Mapping[str, str]], Any] = known[name].load()
    except ModuleNotFoundError as error:
        raise MissingLibrary(f"adapter {name!r} needs {missing(error)}") from error
    except (ImportError, AttributeError) as error:
        raise BrokenAdapter(f"adapter {name!r} ({known[name].value}) cannot be loaded: {error}") from error
    return build


def missing(error: ModuleNotFoundError) -> str:
    """The library that is not there, and how it is installed."""
    library = (error.name or "").partition(".")[0]
    extra = _EXTRAS.get(library)
    return f"the library {library}: " + (f"pip install 'notify-platform[{extra}]'" if extra else f"install {library}")


def option_names(build: Callable[[Mapping[str, str]], Any]) -> Mapping[str, str] | None:
    """The options an adapter declares, with what each is for (``OPTIONS`` beside its ``build``);
    None when it declares none of that, so that any option may be given."""
    return getattr(sys.modules.get(build.__module__), "OPTIONS", None)

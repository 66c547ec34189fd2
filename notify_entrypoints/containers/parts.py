"""The parts that background work is made of, each made when a task first needs it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from notify_core.kernel.tasks import Task
from notify_core.registry.assemble import Handler


class LateParts:
    """Its attributes are what ``makers`` make, under the names that use cases call them by."""

    def __init__(self, **makers: Callable[[], Any]) -> None:
        self._makers = makers

    def __getattr__(self, name: str) -> Any:
        if name not in self._makers:
            raise AttributeError(name)
        try:
            return self._makers[name]()
        except AttributeError as error:
            # Not to be taken for a part that there is not.
            raise RuntimeError(f"the part {name} cannot be made: {error}") from error


class HasHandlers(Protocol):
    """The container, as far as it matters here."""

    def handlers(self) -> Mapping[type[Task], Handler]: ...


def prepare(container: HasHandlers, kinds: Iterable[type[Task]]) -> None:
    """Make what these tasks need: whatever is wrong with it shows now, and not when one of them is due.

    :raises SettingsError: a secret or another option is missing; the message names the variable.
    """
    handlers = container.handlers()
    for kind in kinds:
        handlers[kind]

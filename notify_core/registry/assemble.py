"""Use cases are put together by name: a field ``clock`` gets the part called ``clock``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any, Protocol, TypeVar, runtime_checkable

from notify_core.kernel.tasks import Task
from notify_core.ports.task_ledger import Claim

U = TypeVar("U")

# A task use case takes its own kind of task, which the table of tasks pairs with it.
Handler = Callable[[Any, Claim], None]


@runtime_checkable
class LooksAhead(Protocol):
    """A handler that may be told of all rows that one message names, and so reads at once what each needs."""

    def ahead(self, tasks: Sequence[Any], /) -> Handler:
        """The handler for these tasks, each with its own call, transaction and outcome as ever.

        :raises TransientError: it cannot look now; then each is carried out without.
        """
        ...


class MissingPart(TypeError):
    """A use case needs something that nobody supplied; the message names it."""


def assemble(use_case: type[U], parts: object) -> U:
    """An instance of the dataclass ``use_case`` whose fields are the attributes of ``parts`` with the
    same names; a field that has a default may be missing there.

    :raises MissingPart: a field has neither a part nor a default.
    """
    values: dict[str, object] = {}
    for field in fields(use_case):  # type: ignore[arg-type]  # U is a dataclass; there is no bound that says so
        if not field.init:
            continue
        if hasattr(parts, field.name):
            values[field.name] = getattr(parts, field.name)
        elif not _has_default(field):
            raise MissingPart(f"{use_case.__name__} needs {field.name!r}, which {type(parts).__name__} does not have")
    return use_case(**values)


def handlers(parts: object, registry: Mapping[type[Task], type[Any]]) -> Mapping[type[Task], Handler]:
    """Each task of ``registry`` with its use case, assembled from ``parts``.

    :raises MissingPart: a use case needs something that ``parts`` does not have.
    """
    return {task: assemble(use_case, parts) for task, use_case in registry.items()}


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING

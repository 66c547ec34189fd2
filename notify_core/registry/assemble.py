"""Use cases are put together by name: a field ``clock`` gets the part called ``clock``."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
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
    for wanted in fields(use_case):  # type: ignore[arg-type]  # U is a dataclass; there is no bound that says so
        if not wanted.init:
            continue
        if hasattr(parts, wanted.name):
            values[wanted.name] = getattr(parts, wanted.name)
        elif not _has_default(wanted):
            raise MissingPart(f"{use_case.__name__} needs {wanted.name!r}, which {type(parts).__name__} does not have")
    return use_case(**values)


@dataclass(frozen=True)
class Handlers(Mapping[type[Task], Handler]):
    """Each task of ``registry`` with its use case, assembled from ``parts`` when it is first asked for: who does only
    some of the work makes only what that needs. Asking raises MissingPart where ``parts`` does not have it."""

    parts: object
    registry: Mapping[type[Task], type[Any]]
    _made: dict[type[Task], Handler] = field(default_factory=dict, init=False, repr=False)

    def __getitem__(self, task: type[Task]) -> Handler:
        if task not in self._made:
            self._made[task] = assemble(self.registry[task], self.parts)
        return self._made[task]

    def __iter__(self) -> Iterator[type[Task]]:
        return iter(self.registry)

    def __len__(self) -> int:
        return len(self.registry)


def _has_default(wanted: Field[Any]) -> bool:
    return wanted.default is not MISSING or wanted.default_factory is not MISSING

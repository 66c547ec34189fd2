"""Background work as data: what is to be done, where, and what happens when it fails."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from types import UnionType
from typing import Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from notify_core.kernel.errors import InvalidValue
from notify_core.kernel.queues import Queue

Json = str | int | bool | list[str] | None


@dataclass(frozen=True)
class RetryPolicy:
    """When a task that met a ``TransientError`` is tried again.

    ``delay`` maps the number of the retry, counted from 0, to its wait; ``maximum`` is how many
    retries there are (``None``: for ever); retries go to ``queue`` (``None``: the row's own).
    """

    delay: Callable[[int], timedelta]
    maximum: int | None
    queue: Queue | None = None

    def allows(self, retry: int) -> bool:
        """Whether the retry with this number (from 0) may still happen."""
        return self.maximum is None or retry < self.maximum


NO_RETRY = RetryPolicy(delay=lambda _: timedelta(), maximum=0)


def every(seconds: int, *, first_at_once: bool = False) -> Callable[[int], timedelta]:
    """The same wait before each retry; ``first_at_once``: none before the first."""
    wait = timedelta(seconds=seconds)
    return lambda retry: timedelta() if first_at_once and retry == 0 else wait


def doubling(*, up_to: int) -> Callable[[int], timedelta]:
    """1, 2, 4, … seconds, never more than ``up_to``."""
    # The exponent is bounded: a retry for ever would otherwise build ever larger integers.
    return lambda retry: timedelta(seconds=min(2 ** min(retry, 30), up_to))


# For what is the end of the line: nothing follows that would pick up what it leaves.
FOR_EVER = RetryPolicy(delay=doubling(up_to=240), maximum=None)


@dataclass(frozen=True)
class Task:
    """Base of all tasks: a subclass is a kind of work, an instance one piece of it.

    Fields are the arguments: ids and plain values (UUID, str, int, bool, tuple of str, or None),
    never recipients or content. A field added later needs a default, because rows
    written by the previous release must still run.
    """

    name: ClassVar[str]
    queue: ClassVar[Queue]
    retry: ClassVar[RetryPolicy] = NO_RETRY
    # Queues that whoever enqueues it may choose instead.
    other_queues: ClassVar[tuple[Queue, ...]] = ()
    # The task, with the same arguments, that follows when retries are exhausted or when a
    # PermanentError ends the work. None: the row is kept as failed, with its reason.
    when_exhausted: ClassVar["type[Task] | None"] = None
    when_refused: ClassVar["type[Task] | None"] = None
    # Work whose processes died so often in the middle of it is likelier the cause than the victim, and counts
    # as exhausted. None: it is tried again whatever happens to its processes.
    most_losses: ClassVar[int | None] = 5
    # How many rows one execution may carry out one after the other, when many wait: for work that is quick,
    # that comes in thousands, and of which none is more urgent than its companions.
    together: ClassVar[int] = 1

    def dedupe_key(self) -> str | None:
        """At most one unfinished row per key exists; a second enqueue changes nothing."""
        return None

    def fair_key(self) -> str | None:
        """Whose work it is: the relay takes turns over these keys."""
        return None

    def limit_key(self) -> str | None:
        """At most a configured number of rows with this key are under way at a time."""
        return None

    @classmethod
    def queues(cls) -> frozenset[Queue]:
        """All those that one of its messages may come by."""
        retries = () if cls.retry.queue is None else (cls.retry.queue,)
        return frozenset({cls.queue, *cls.other_queues, *retries})

    @classmethod
    def queue_for(cls, chosen: Queue | None) -> Queue:
        """``chosen``, or else its own.

        :raises ValueError: it must not go there, where perhaps nobody has what it takes.
        """
        if chosen is None or chosen in cls.queues():
            return chosen or cls.queue
        raise ValueError(f"task {cls.name} does not go by the queue {chosen}")

    def arguments(self) -> dict[str, Json]:
        """The fields as JSON values."""
        return {name: _to_json(getattr(self, name)) for name in _argument_types(type(self))}

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Json]) -> Self:
        """The inverse of :meth:`arguments`; absent fields take their defaults.

        :raises InvalidValue: for an unknown or missing argument, or one of the wrong type.
        """
        known = _argument_types(cls)
        if unknown := sorted(arguments.keys() - known.keys()):
            raise InvalidValue(f"task {cls.name} has no argument {', '.join(unknown)}")
        required = {f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING}
        if missing := sorted(required - arguments.keys()):
            raise InvalidValue(f"task {cls.name} needs the argument {', '.join(missing)}")
        return cls(**{name: _from_json(cls, name, known[name], value) for name, value in arguments.items()})

    @classmethod
    def from_texts(cls, arguments: Mapping[str, str]) -> Self:
        """Like :meth:`from_arguments`, from what people type: ``true`` and ``false``, whole numbers,
        lists with commas, nothing for None.

        :raises InvalidValue: for an unknown or missing argument, or one of the wrong type.
        """
        known = _argument_types(cls)
        return cls.from_arguments(
            {name: _from_text(known[name], text) if name in known else text for name, text in arguments.items()}
        )

    @classmethod
    def carrying_on(cls, task: "Task") -> Self:
        """A task of this kind with those arguments of another that it shares by name."""
        own = _argument_types(cls)
        return cls.from_arguments({name: value for name, value in task.arguments().items() if name in own})


def _to_json(value: Any) -> Json:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple):
        return [str(item) for item in value]
    if value is None or isinstance(value, str | int):
        return value
    raise InvalidValue(f"a task argument cannot be a {type(value).__name__}")


# Reading annotations is slow enough to show where thousands of rows are read.
_ARGUMENT_TYPES: dict[type[Task], dict[str, Any]] = {}


def _argument_types(cls: type[Task]) -> dict[str, Any]:
    if cls not in _ARGUMENT_TYPES:
        hints = get_type_hints(cls)
        _ARGUMENT_TYPES[cls] = {field.name: hints[field.name] for field in fields(cls)}
    return _ARGUMENT_TYPES[cls]


def _from_json(cls: type[Task], name: str, hint: Any, value: Json) -> Any:
    wanted = _plain_types(hint)
    if value is None and type(None) in wanted:
        return None
    try:
        if UUID in wanted and isinstance(value, str):
            return UUID(value)
        if tuple in wanted and isinstance(value, list):
            return tuple(str(item) for item in value)
    except ValueError:
        raise InvalidValue(f"task {cls.name}: {name}={value!r} is not a UUID") from None
    if type(value) in wanted:
        return value
    names = " or ".join(sorted(kind.__name__ for kind in wanted))
    raise InvalidValue(f"task {cls.name}: {name}={value!r} is not a {names}")


def _from_text(hint: Any, text: str) -> Json:
    wanted = _plain_types(hint)
    if not text and type(None) in wanted:
        return None
    if bool in wanted and text in {"true", "false"}:
        return text == "true"
    if int in wanted and text.removeprefix("-").isdecimal():
        return int(text)
    if tuple in wanted:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _plain_types(hint: Any) -> set[type]:
    """The runtime types behind an annotation: NewTypes and unions taken apart."""
    if supertype := getattr(hint, "__supertype__", None):
        return _plain_types(supertype)
    if get_origin(hint) in {Union, UnionType}:
        return {plain for part in get_args(hint) for plain in _plain_types(part)}
    return {get_origin(hint) or hint}

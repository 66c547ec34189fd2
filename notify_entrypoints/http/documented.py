"""What a route takes and answers, declared beside its view. The document of the API is made of these."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from notify_entrypoints.http.schemas.parts import Schema

V = TypeVar("V", bound=Callable[..., Any])

JSON = "application/json"
HTML = "text/html"
TEXT_PLAIN = "text/plain"


class UndocumentedRoute(TypeError):
    """A view does not say what it takes and answers."""


@dataclass(frozen=True, slots=True)
class Operation:
    """``answers`` are those of success, by their status; None is a body that no schema describes. Refusals that
    follow from the kind of route (who may call, a body, a query) are not named in ``refuses``."""

    summary: str
    answers: Mapping[int, Schema | None]
    answer_type: str = JSON
    body: Schema | None = None
    body_type: str = JSON
    query: Schema | None = None
    path: Mapping[str, Schema] = field(default_factory=dict)
    refuses: frozenset[int] = frozenset()


def documented(
    summary: str,
    answer: Schema | None,
    *,
    status: int = HTTPStatus.OK,
    answers: Mapping[int, Schema] | None = None,
    answer_type: str = JSON,
    body: Schema | None = None,
    body_type: str = JSON,
    query: Schema | None = None,
    path: Mapping[str, Schema] | None = None,
    refuses: Collection[int] = (),
) -> Callable[[V], V]:
    """Declare what a view takes and answers. ``answers`` are further ones besides ``answer`` with ``status``;
    ``path`` describes parts of the path that are no UUIDs by their rule."""

    def declare(view: V) -> V:
        view.operation = Operation(  # type: ignore[attr-defined]  # functions take attributes; mypy knows of none
            summary,
            {int(status): answer, **(answers or {})},
            answer_type,
            body,
            body_type,
            query,
            path or {},
            frozenset(int(one) for one in refuses),
        )
        return view

    return declare


def operation_of(view: Callable[..., Any]) -> Operation:
    """What a view declares.

    :raises UndocumentedRoute: nothing.
    """
    found = getattr(view, "operation", None)
    if not isinstance(found, Operation):
        raise UndocumentedRoute(f"{view.__module__}.{view.__name__} does not declare what it takes and answers")
    return found

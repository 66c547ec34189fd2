"""Requests with an ``Idempotency-Key``: done once, answered as often as they are sent."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flask import Flask, Response, after_this_request, current_app, g, make_response, request

from notify_core.accounts.model import Answer, IdempotencyRecord, RequestKey
from notify_core.accounts.policies import is_worth_keeping
from notify_core.accounts.ports import AccountsWork
from notify_core.accounts.use_cases.idempotency import KeepAnswer
from notify_core.kernel.errors import NotifyError, TransientError
from notify_core.registry.redact import reason_of
from notify_entrypoints.containers import Container
from notify_entrypoints.http.authentication import caller

log = logging.getLogger(__name__)

R = TypeVar("R")

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"


@dataclass
class _UnderWay:
    """The request at hand. ``kept``: what its use case has kept together with its result."""

    record: IdempotencyRecord
    kept: Answer | None = None


def keeping(shape: Callable[[R], Any], status: int) -> KeepAnswer[R]:
    """For a use case to call in its transaction: keeps the answer that ``shape`` makes of its result, where the
    request has a key."""

    def keep(work: AccountsWork, result: R) -> None:
        under_way: _UnderWay | None = g.get("under_way")
        if under_way is not None:
            response = make_response(shape(result), int(status))
            under_way.kept = _answer_of(response)
            work.idempotency.complete(under_way.record, under_way.kept)

    return keep


def install(app: Flask, container: Container) -> None:
    """Look for the header of every POST that a service makes; call it when authentication is installed."""

    def end(response: Response) -> Response:
        under_way: _UnderWay | None = g.pop("under_way", None)
        if under_way is None:
            # The framework asks again where the first time failed.
            return response
        answer = _answer_of(response)
        if under_way.kept == answer:
            return response
        try:
            container.end_request()(under_way.record, answer)
        except TransientError as error:
            if is_worth_keeping(answer.status):
                return _refused(error)
            # It says "later" anyway; until the lease has run out that is all there is to say.
            log.warning("an Idempotency-Key stays taken for a while: %s", reason_of(error))
        return response

    @app.before_request
    def _begin() -> Response | None:
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST" or "caller" not in g:
            return None
        named = RequestKey(caller().api_key.id, request.path, key)
        record = container.begin_request()(named, request.get_data())
        if record.answer is None:
            g.under_way = _UnderWay(record)
            after_this_request(end)
            return None
        response = Response(record.answer.body, record.answer.status, mimetype="application/json")
        response.headers[REPLAYED] = "true"
        return response


def _answer_of(response: Response) -> Answer:
    return Answer(response.status_code, response.get_data(as_text=True))


def _refused(error: NotifyError) -> Response:
    # What is raised after a request is not handled by the framework as what its view raises.
    return make_response(current_app.handle_user_exception(error))

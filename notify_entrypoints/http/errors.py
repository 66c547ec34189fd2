"""Errors as answers: the v2 API's shape, the internal endpoints' shape, never a stack trace."""

import logging
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from notify_core.accounts.policies import AuthFailed, KeyReused
from notify_core.kernel.errors import (
    AlreadyExists,
    Conflict,
    DailyLimitReached,
    Forbidden,
    IllegalTransition,
    InvalidValue,
    NotAllowed,
    NotFound,
    RateLimited,
    TransientError,
)
from notify_core.letters.policies.pdfs import PdfNotReady
from notify_core.registry.redact import loggable, reason_of
from notify_entrypoints.http.validation import ValidationFailed

log = logging.getLogger(__name__)

NO_RESULT = "No result found"
# When to come again, where nobody knows better: a database that restarts is back by then.
SOON = timedelta(seconds=5)

# What the core raises, the status it is answered with, and what the published API calls it.
# Flask picks the entry of the most derived class.
TABLE: dict[type[Exception], tuple[HTTPStatus, str]] = {
    InvalidValue: (HTTPStatus.BAD_REQUEST, "ValidationError"),
    NotAllowed: (HTTPStatus.BAD_REQUEST, "BadRequestError"),
    PdfNotReady: (HTTPStatus.BAD_REQUEST, "PDFNotReadyError"),
    IllegalTransition: (HTTPStatus.BAD_REQUEST, "BadRequestError"),
    KeyReused: (HTTPStatus.UNPROCESSABLE_ENTITY, "BadRequestError"),
    Forbidden: (HTTPStatus.FORBIDDEN, "BadRequestError"),
    Conflict: (HTTPStatus.CONFLICT, "ConflictError"),
    AlreadyExists: (HTTPStatus.CONFLICT, "ConflictError"),
    RateLimited: (HTTPStatus.TOO_MANY_REQUESTS, "RateLimitError"),
    DailyLimitReached: (HTTPStatus.TOO_MANY_REQUESTS, "TooManyRequestsError"),
}


def answer(status: int, kind: str, *messages: str) -> Response:
    """An error answer in the shape of the API that was asked."""
    response = jsonify(body_of(request.path, status, kind, *messages))
    response.status_code = status
    return response


def body_of(path: str, status: int, kind: str, *messages: str) -> dict[str, Any]:
    """What an error looks like in the API that ``path`` belongs to."""
    if is_public(path):
        return {"status_code": status, "errors": [{"error": kind, "message": message} for message in messages]}
    return {"result": "error", "message": "; ".join(messages)}


def is_public(path: str) -> bool:
    """Whether ``path`` belongs to the published API, which has its own shape of refusals."""
    return path.startswith("/v2/")


def install(app: Flask) -> None:
    """Translate every error that the core, the adapters and the framework raise."""
    for error, (status, kind) in TABLE.items():
        app.register_error_handler(error, _answering(status, kind))
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(TransientError, _not_now)
    app.register_error_handler(ValidationFailed, _invalid)
    app.register_error_handler(AuthFailed, _unauthenticated)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _answering(status: HTTPStatus, kind: str) -> Callable[[Exception], Response]:
    def handle(error: Exception) -> Response:
        response = answer(status, kind, str(error))
        if isinstance(error, RateLimited):
            response.headers["Retry-After"] = retry_after(error.retry_after)
        return response

    return handle


def _not_found(error: NotFound) -> Response:
    # The published API has one text for all that is not there.
    text = NO_RESULT if is_public(request.path) else str(error)
    return answer(HTTPStatus.NOT_FOUND, "NoResultFound", text)


def _not_now(error: TransientError) -> Response:
    # A 503 makes suppliers and careful clients try again.
    log.warning("a request was answered 503: %s", reason_of(error))
    text = "Service temporarily unavailable, please try again later"
    response = answer(HTTPStatus.SERVICE_UNAVAILABLE, "ServiceUnavailable", text)
    response.headers["Retry-After"] = retry_after(error.retry_after or SOON)
    return response


def retry_after(wait: timedelta) -> str:
    """The header that says when to come again, in whole seconds."""
    return str(max(1, round(wait.total_seconds())))


def _invalid(error: ValidationFailed) -> Response:
    return answer(HTTPStatus.BAD_REQUEST, "ValidationError", *error.messages)


def _unauthenticated(error: AuthFailed) -> Response:
    return answer(error.status, "AuthError", str(error))


def _http(error: HTTPException) -> Response:
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code == HTTPStatus.NOT_FOUND:
        return answer(code, "NoResultFound", NO_RESULT)
    response = answer(code, type(error).__name__, error.description or error.name)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    # The last resort of a request: the caller learns nothing of our inside, the log all but personal data.
    log.error("a request failed unexpectedly", exc_info=loggable(error))
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalServerError", "Internal server error")

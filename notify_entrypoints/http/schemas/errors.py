"""Refusals, in the two shapes that there are."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from notify_entrypoints.http.schemas.parts import TEXT, WHOLE, Schema, a_list, answered, one_of

PUBLIC_ERROR = answered(
    {"status_code": WHOLE, "errors": a_list(answered({"error": TEXT, "message": TEXT}), minItems=1)},
    title="Errors",
    says="How the public API refuses: all that is wrong at once, where that can be told.",
)

INTERNAL_ERROR = answered(
    {"result": one_of("error"), "message": TEXT}, title="Error", says="How every other endpoint refuses."
)

# What the public API calls a refusal, by its status.
KINDS: Final[Mapping[int, Sequence[str]]] = {
    HTTPStatus.BAD_REQUEST: ("BadRequestError", "ValidationError"),
    HTTPStatus.UNAUTHORIZED: ("AuthError",),
    HTTPStatus.FORBIDDEN: ("AuthError", "BadRequestError"),
    HTTPStatus.NOT_FOUND: ("NoResultFound",),
    HTTPStatus.CONFLICT: ("ConflictError",),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("RequestEntityTooLarge",),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("BadRequestError",),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("ValidationError", "BadRequestError"),
    HTTPStatus.TOO_MANY_REQUESTS: ("RateLimitError", "TooManyRequestsError"),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("InternalServerError",),
    HTTPStatus.SERVICE_UNAVAILABLE: ("ServiceUnavailable",),
}

SAYS: Final[Mapping[int, str]] = {
    HTTPStatus.BAD_REQUEST: "The request is not what is described here, or cannot be met.",
    HTTPStatus.UNAUTHORIZED: "No token was shown, or none of this kind.",
    HTTPStatus.FORBIDDEN: "The token is not good, or its owner may not do this.",
    HTTPStatus.NOT_FOUND: "There is no such thing.",
    HTTPStatus.CONFLICT: "It has changed meanwhile, or the first request with this Idempotency-Key is under way.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than 10 MB.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The content type is another.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "This Idempotency-Key came with another body before.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests in a minute, or messages in a day.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "We failed; nothing of our inside is told.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Something we need does not answer; try again later.",
}


def refusal(status: int, *, public: bool) -> Schema:
    """The body of a refusal with this status, by the public API or by another endpoint."""
    if not public:
        return INTERNAL_ERROR
    kinds = answered({"error": one_of(*KINDS[status]), "message": TEXT})
    return {
        "allOf": [PUBLIC_ERROR],
        "properties": {"status_code": {"const": int(status)}, "errors": a_list(kinds)},
    }

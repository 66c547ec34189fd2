"""What a request of an admin application asks, and for whom."""

from collections.abc import Mapping
from typing import Any

from flask import request

from notify_core.accounts.use_cases.acting import Actor
from notify_core.accounts.use_cases.authenticate import ADMIN_ISSUER
from notify_entrypoints.http.schemas.accounts import BY
from notify_entrypoints.http.schemas.parts import Schema
from notify_entrypoints.http.validation import check, json_body


def asked(schema: Schema) -> tuple[dict[str, Any], Actor]:
    """The body, without who asks, and who asks.

    :raises NotAllowed: it is not JSON.
    :raises ValidationFailed: it is not what ``schema`` describes.
    """
    body = json_body(schema)
    actor = _actor(body)
    body.pop("created_by", None)
    return body, actor


def who_asks() -> Actor:
    """For requests without a body: who asks stands in the query.

    :raises ValidationFailed: something else does.
    """
    return _actor(check(request.args.to_dict(), BY))


def _actor(given: Mapping[str, Any]) -> Actor:
    who = given.get("created_by")
    # As ids are written elsewhere, so that one who asks is found in the audit log.
    return Actor(ADMIN_ISSUER if who is None else who.lower(), "http")

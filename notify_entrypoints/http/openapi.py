"""The OpenAPI document, made of what the routes declare."""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from notify_entrypoints.http.authentication import Authentication, declared
from notify_entrypoints.http.documented import JSON, Operation, operation_of
from notify_entrypoints.http.errors import is_public
from notify_entrypoints.http.request_log import HEADER as TRACE
from notify_entrypoints.http.schemas.errors import SAYS, refusal
from notify_entrypoints.http.schemas.parts import TEXT, UUID, WHOLE, Schema

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_PART = re.compile(r"<(?:[a-z]+(?:\([^)]*\))?:)?(\w+)>")
_NOT_OURS = frozenset({"HEAD", "OPTIONS"})

_SECURITY: Mapping[Authentication, list[Json]] = {
    Authentication.NONE: [],
    Authentication.SERVICE: [{"service": []}],
    Authentication.ADMIN: [{"admin": []}],
    Authentication.SERVICE_OR_ADMIN: [{"service": []}, {"admin": []}],
    Authentication.OPERATOR: [{"operator": []}, {"admin": []}],
    Authentication.SCRAPER: [{"scraper": []}],
}

_SCHEMES: Json = {
    "service": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token signed (HS256) with the secret of an API key; iss is the service's id, iat is now.",
    },
    "admin": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token signed (HS256) with an admin secret; iss is notify-admin, iat is now.",
    },
    "operator": {"type": "http", "scheme": "basic", "description": "The password is an admin secret."},
    "scraper": {"type": "http", "scheme": "bearer", "description": "The token is NOTIFY_METRICS_TOKEN."},
}

_HEADERS: Json = {
    TRACE: {
        "description": "The id of the request, which logs and background work carry, too.",
        "schema": TEXT,
        "required": True,
    },
    "Retry-After": {"description": "In how many seconds to try again.", "schema": WHOLE, "required": True},
    "Idempotent-Replayed": {
        "description": "true where this is the answer to an earlier request with the same Idempotency-Key.",
        "schema": TEXT,
    },
}

_PARAMETERS: Json = {
    TRACE: {
        "name": TRACE,
        "in": "header",
        "schema": TEXT,
        "description": "An id for this request, echoed: 1 to 64 letters, digits, . _ or -. Others are replaced.",
    },
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "description": "A name for this request: sent again within 24 hours with the same body, it is answered as it "
        "was the first time, and nothing is done twice.",
    },
}


def document(app: Flask, *, version: str, root: str) -> Json:
    """The whole document.

    :raises UndocumentedRoute: a view does not declare what it takes and answers.
    """
    components = _Components()
    paths: Json = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (not is_public(rule.rule), rule.rule)):
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - _NOT_OURS):
            found = _Described(rule, method, operation_of(view), declared(view)).json()
            paths.setdefault(_PART.sub(r"{\1}", rule.rule), {})[method.lower()] = components.hoisted(found)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Notify",
            "version": version,
            "description": "Text messages, emails, letters and emergency broadcasts.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "jsonSchemaDialect": DIALECT,
        "servers": [{"url": root}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.schemas.items())),
            "securitySchemes": _SCHEMES,
            "headers": _HEADERS,
            "parameters": _PARAMETERS,
        },
    }


class _Components:
    """Schemas with a title are written once and referred to."""

    def __init__(self) -> None:
        self.schemas: Json = {}

    def hoisted(self, value: Any) -> Any:
        match value:
            case {"title": str(title), **rest}:
                made = {"title": title, **{key: self.hoisted(one) for key, one in rest.items()}}
                if self.schemas.setdefault(title, made) != made:
                    raise ValueError(f"two schemas have the title {title}")
                return {"$ref": f"#/components/schemas/{title}"}
            case {}:
                return {key: self.hoisted(one) for key, one in value.items()}
            case [*items]:
                return [self.hoisted(one) for one in items]
        return value


class _Described:
    """One operation, in OpenAPI's words."""

    def __init__(self, rule: Rule, method: str, operation: Operation, authentication: Authentication) -> None:
        self._rule, self._method = rule, method
        self._operation, self._authentication = operation, authentication
        self._public = is_public(rule.rule)
        self._repeatable = method == "POST" and authentication is Authentication.SERVICE

    def json(self) -> Json:
        blueprint = self._rule.endpoint.rpartition(".")[0]
        body = {"requestBody": self._body()} if self._operation.body is not None else {}
        return {
            "operationId": self._rule.endpoint,
            "summary": self._operation.summary,
            "tags": [blueprint.removeprefix("v2_").replace("_", " ")],
            "security": _SECURITY[self._authentication],
            "parameters": list(self._parameters()),
            **body,
            "responses": {str(status): answer for status, answer in sorted(self._answers().items())},
        }

    def _body(self) -> Json:
        return {"required": True, "content": {self._operation.body_type: {"schema": self._operation.body}}}

    def _parameters(self) -> Iterator[Json]:
        yield {"$ref": f"#/components/parameters/{TRACE}"}
        if self._repeatable:
            yield {"$ref": "#/components/parameters/Idempotency-Key"}
        for name in _PART.findall(self._rule.rule):
            plain = UUID if f"<uuid:{name}>" in self._rule.rule else TEXT
            yield _parameter(name, "path", self._operation.path.get(name, plain), required=True)
        query = self._operation.query or {"properties": {}}
        for name, schema in query["properties"].items():
            yield _parameter(name, "query", schema, required=name in query.get("required", ()))

    def _answers(self) -> dict[int, Json]:
        answers: dict[int, Json] = {}
        for status in self._refusals():
            answers[status] = _answer(SAYS[status], refusal(status, public=self._public))
        for status, schema in self._operation.answers.items():
            own = _answer(HTTPStatus(status).phrase, schema, self._operation.answer_type)
            if status in answers:
                # Pages refuse as pages; what never reaches their view is refused as everywhere.
                own |= {"content": answers[status]["content"] | own["content"]}
            answers[status] = own
            if self._repeatable:
                answers[status]["headers"] |= _header("Idempotent-Replayed")
        if HTTPStatus.TOO_MANY_REQUESTS in answers:
            answers[HTTPStatus.TOO_MANY_REQUESTS]["headers"] |= _header("Retry-After")
        return answers

    def _refusals(self) -> set[int]:
        """Those named, and those that follow from the kind of route."""
        operation = self._operation
        found = {*operation.refuses, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE}
        if self._authentication is not Authentication.NONE:
            found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
        if operation.body is not None:
            found |= {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
        if operation.query is not None or operation.path:
            found.add(HTTPStatus.BAD_REQUEST)
        if self._rule.arguments:
            found.add(HTTPStatus.NOT_FOUND)
        if self._repeatable:
            found |= {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
        return {int(status) for status in found}


def _parameter(name: str, where: str, schema: Schema, *, required: bool) -> Json:
    said = {"description": schema["description"]} if "description" in schema else {}
    plain = {key: value for key, value in schema.items() if key != "description"}
    return {"name": name, "in": where, "required": required, "schema": plain, **said}


def _answer(says: str, schema: Schema | None, media_type: str = JSON) -> Json:
    return {
        "description": says,
        "headers": _header(TRACE),
        "content": {media_type: {} if schema is None else {"schema": schema}},
    }


def _header(name: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"}}

"""The API's own description: for programs at /openapi.json, for people at /docs. Made once, of what routes declare."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, Flask, Response, current_app, make_response, render_template
from markupsafe import Markup

from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import HTML, documented
from notify_entrypoints.http.openapi import document
from notify_entrypoints.http.openapi_words import operations, properties, type_of
from notify_entrypoints.http.schemas.status import OPENAPI
from notify_entrypoints.http.status import VERSION

blueprint = Blueprint("documentation", __name__, template_folder="pages")

# A page of words: nothing of it is run, and nothing is fetched from anywhere.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_EXTENSION = "documentation"


@dataclass
class Documentation:
    app: Flask

    @cached_property
    def document(self) -> dict[str, Any]:
        """:raises UndocumentedRoute: a view does not declare what it takes and answers."""
        return document(self.app, version=VERSION, root=container_of(self.app).settings().api_base_url)

    @cached_property
    def written(self) -> bytes:
        return json.dumps(self.document, ensure_ascii=False).encode()

    @cached_property
    def page(self) -> str:
        return render_template(
            "docs.html",
            info=self.document["info"],
            server=self.document["servers"][0]["url"],
            groups=operations(self.document),
            components=self.document["components"],
            properties=properties,
            type_of=lambda schema: Markup(type_of(schema)),  # noqa: S704 - escaped where it is made
        )


def install(app: Flask) -> None:
    """Have the description made when somebody first asks for it."""
    app.extensions[_EXTENSION] = Documentation(app)


@blueprint.get("/openapi.json")
@authentication(Authentication.NONE)
@documented("This API as an OpenAPI 3.1 document", OPENAPI)
def openapi() -> Response:
    return Response(_documentation().written, mimetype="application/json")


@blueprint.get("/docs")
@authentication(Authentication.NONE)
@documented("This API as a page to read", None, answer_type=HTML)
def docs() -> Response:
    return make_response(_documentation().page, _HEADERS)


def _documentation() -> Documentation:
    found: Documentation = current_app.extensions[_EXTENSION]
    return found

"""Our unsubscribe links: a page with a button for people, and the button's request, which mail programs make, too."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, render_template

from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import NotificationId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import HTML, documented

blueprint = Blueprint("unsubscribe", __name__, url_prefix="/unsubscribe", template_folder="pages")

# Nothing is run or fetched, no other page may show it in a frame, and the link goes to nobody else.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@blueprint.get("/<uuid:notification_id>/<signature>")
@authentication(Authentication.NONE)
@documented("A page that asks whether to unsubscribe", None, answer_type=HTML, answers={404: {}})
def ask(notification_id: UUID, signature: str) -> Response:
    try:
        service = container_of(current_app).show_unsubscribe()(NotificationId(notification_id), signature)
    except NotFound:
        return _broken()
    return _page(HTTPStatus.OK, service=service, done=False)


@blueprint.post("/<uuid:notification_id>/<signature>")
@authentication(Authentication.NONE)
@documented("Unsubscribe, as RFC 8058 has it", None, answer_type=HTML, answers={404: {}})
def unsubscribe(notification_id: UUID, signature: str) -> Response:
    try:
        service = container_of(current_app).record_unsubscribe()(NotificationId(notification_id), signature)
    except NotFound:
        return _broken()
    return _page(HTTPStatus.OK, service=service, done=True)


def _broken() -> Response:
    return _page(HTTPStatus.NOT_FOUND, service=None, done=False)


def _page(status: int, **values: object) -> Response:
    return make_response(render_template("unsubscribe.html", **values), status, _HEADERS)

"""The page of a file that went by email: what it is, whose it is, and the file itself.

It works without scripts, and a link that is only looked at (by a mail program, or a scanner of links) hands
nothing over: that takes a button.
"""

import logging
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, render_template, request, send_file
from markupsafe import Markup

from notify_core.documents.model import DocumentPlace
from notify_core.documents.use_cases import DocumentExpired, DocumentView, NotTheRecipient
from notify_core.kernel.calendar import to_london
from notify_core.kernel.errors import InvalidValue, NotFound, PermanentError, RateLimited, TransientError
from notify_core.kernel.ids import DocumentId, ServiceId
from notify_core.registry.redact import loggable, reason_of
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import HTML, documented
from notify_entrypoints.http.errors import retry_after
from notify_entrypoints.http.schemas.documents import (
    CONFIRM,
    DOWNLOAD,
    FORM,
    KEY,
    NOT_HANDED_OVER,
)

log = logging.getLogger(__name__)

blueprint = Blueprint("documents", __name__, url_prefix="/d", template_folder="pages")

_STYLE: Final = (Path(__file__).parent / "pages" / "document.css").read_text(encoding="utf-8")
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_PAGE: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'",
}
_FILE: Final = {"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}
_KIB: Final = 1024


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address of the page names."""

    place: DocumentPlace
    key: str

    @classmethod
    def of(cls, service_id: UUID, document_id: UUID) -> "_Asked":
        place = DocumentPlace(ServiceId(service_id), DocumentId(document_id))
        return cls(place, request.args.get("key", ""))

    def view(self) -> DocumentView:
        found: DocumentView = container_of(current_app).show_document()(self.place, self.key)
        return found

    def urls(self, above: str = "") -> dict[str, Any]:
        """From the page itself, or from one below it: the platform may be served under any path."""
        page = f"{above}{self.place.document_id}"
        return {"confirm_url": f"{page}?key={self.key}", "download_url": f"{page}/download?key={self.key}"}


@blueprint.get("/<uuid:service_id>/<uuid:document_id>")
@authentication(Authentication.NONE)
@documented("A file that went by email", None, answer_type=HTML, query=KEY, answers=NOT_HANDED_OVER)
def show(service_id: UUID, document_id: UUID) -> Response:
    asked = _Asked.of(service_id, document_id)
    view = asked.view()
    return _page("ask" if view.asks else "offer", view=view, **asked.urls())


@blueprint.post("/<uuid:service_id>/<uuid:document_id>")
@authentication(Authentication.NONE)
@documented(
    "Say whose file it is", None, answer_type=HTML, body=CONFIRM, body_type=FORM, query=KEY, answers=NOT_HANDED_OVER
)
def confirm(service_id: UUID, document_id: UUID) -> Response:
    asked = _Asked.of(service_id, document_id)
    view, address = asked.view(), request.form.get("email_address", "")
    wrong = "Enter an email address in the correct format, like name@example.com"
    try:
        shown = container_of(current_app).confirm_recipient()(asked.place, asked.key, address)
    except NotTheRecipient:
        wrong = "This is not the email address the file was sent to. Enter the address that the email came to"
    except InvalidValue:
        wrong = wrong if address.strip() else "Enter your email address"
    else:
        return _page("offer", view=view, shown=shown, **asked.urls())
    return _page("ask", HTTPStatus.BAD_REQUEST, view=view, wrong=wrong, address=address, **asked.urls())


@blueprint.post("/<uuid:service_id>/<uuid:document_id>/download")
@authentication(Authentication.NONE)
@documented(
    "The file itself", None, answer_type="*/*", body=DOWNLOAD, body_type=FORM, query=KEY, answers=NOT_HANDED_OVER
)
def download(service_id: UUID, document_id: UUID) -> Response:
    asked = _Asked.of(service_id, document_id)
    try:
        found = container_of(current_app).download_document()(asked.place, asked.key, request.form.get("pass", ""))
    except NotTheRecipient:
        wrong = "It has been over an hour. Enter your email address again"
        return _page("ask", HTTPStatus.FORBIDDEN, view=asked.view(), wrong=wrong, **asked.urls("../"))
    response = send_file(
        BytesIO(found.content), found.mime, as_attachment=True, download_name=found.filename, etag=False
    )
    response.headers.update(_HEADERS | _FILE)
    return response


@blueprint.get("/<path:rest>")
@authentication(Authentication.NONE)
@documented("A link that was cut off", None, answer_type=HTML, answers=NOT_HANDED_OVER)
def cut_off(rest: str) -> Response:  # noqa: ARG001 - whatever it is, it is no file's link
    return _page("missing", HTTPStatus.NOT_FOUND)


@blueprint.post("/<path:rest>")
@authentication(Authentication.NONE)
@documented("A form sent to a link that was cut off", None, answer_type=HTML, answers=NOT_HANDED_OVER)
def form_cut_off(rest: str) -> Response:
    return cut_off(rest)


@blueprint.errorhandler(NotFound)
def _missing(_error: NotFound) -> Response:
    return _page("missing", HTTPStatus.NOT_FOUND)


@blueprint.errorhandler(DocumentExpired)
def _expired(_error: DocumentExpired) -> Response:
    return _page("expired", HTTPStatus.GONE)


@blueprint.errorhandler(RateLimited)
def _too_often(error: RateLimited) -> Response:
    response = _page("tries", HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = retry_after(error.retry_after)
    return response


@blueprint.errorhandler(TransientError)
def _not_now(error: TransientError) -> Response:
    log.warning("the page of a file was answered 503: %s", reason_of(error))
    return _page("away", HTTPStatus.SERVICE_UNAVAILABLE)


@blueprint.errorhandler(PermanentError)
def _never(error: PermanentError) -> Response:
    log.error("the page of a file failed", exc_info=loggable(error))
    return _page("away", HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(state: str, status: HTTPStatus = HTTPStatus.OK, *, view: DocumentView | None = None, **more: Any) -> Response:
    facts = {} if view is None else {"size": _size(view.size), "until": _day(view), "contact": _contact(view)}
    html = render_template(
        "document.html",
        state=state,
        view=view,
        style=Markup(_STYLE),  # noqa: S704 - ours
        **facts,
        **more,
    )
    return make_response(html, status, _HEADERS | _PAGE)


def _size(size: int) -> str:
    if size < _KIB:
        return f"{size} bytes"
    if size < _KIB * _KIB:
        return f"{max(1, round(size / _KIB))} KB"
    return f"{size / _KIB / _KIB:.1f} MB"


def _day(view: DocumentView) -> str:
    day = to_london(view.expires_at)
    return f"{day.day} {day:%B %Y}"


def _contact(view: DocumentView) -> Mapping[str, str | None] | None:
    """What a service gave as its contact: a page, an address of email, or a telephone number."""
    given = (view.contact_link or "").strip()
    if not given:
        return None
    if given.startswith(("https://", "http://")):
        return {"href": given, "text": None}
    return {"href": f"mailto:{given}" if "@" in given else None, "text": given}

"""Who may call: every route declares it, ``none`` included, and the app refuses to start otherwise."""

import hmac
from base64 import b64decode
from collections.abc import Callable, Sequence
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, Response, current_app, g, request

from notify_core.accounts.model import Caller
from notify_core.accounts.policies import AuthFailed, bearer_token
from notify_core.accounts.use_cases import authenticate_admin
from notify_core.accounts.use_cases.authenticate import ADMIN_ISSUER
from notify_core.kernel.errors import NotFound
from notify_entrypoints.containers import Container
from notify_entrypoints.exporting import is_token
from notify_entrypoints.http.request_log import is_made_by
from notify_entrypoints.http.tokens import JwtToken

V = TypeVar("V", bound=Callable[..., Any])


class Authentication(StrEnum):
    NONE = "none"
    SERVICE = "service"
    ADMIN = "admin"
    # The service itself, whose client asks an internal endpoint, or the admin application.
    SERVICE_OR_ADMIN = "service or admin"
    # A person in front of a browser, or the admin application.
    OPERATOR = "operator"
    # Whoever fetches metrics; nothing else is opened by what it shows.
    SCRAPER = "scraper"


class UndeclaredRoute(TypeError):
    """A view says nothing of who may call it."""


def authentication(kind: Authentication) -> Callable[[V], V]:
    """Declare who may call a view."""

    def declare(view: V) -> V:
        view.authentication = kind  # type: ignore[attr-defined]  # functions take attributes; mypy knows of none
        return view

    return declare


def declared(view: Callable[..., Any]) -> Authentication:
    """What a view declares.

    :raises UndeclaredRoute: nothing.
    """
    kind = getattr(view, "authentication", None)
    if not isinstance(kind, Authentication):
        raise UndeclaredRoute(f"{view.__module__}.{view.__name__} does not declare its authentication")
    return kind


def install(app: Flask, container: Container) -> None:
    """Check every view's declaration now and every request's token from now on.

    :raises UndeclaredRoute: a view declares nothing.
    :raises SettingsError: the secrets that tokens and keys are checked with are not configured.
    """
    admin_secrets = container.settings().needed_admin_secrets()
    # Keys of services are kept encrypted: without this not one request could be answered.
    container.secrets()

    def admin() -> None:
        token = JwtToken.parse(_shown()) if request.headers.get("Authorization") else None
        authenticate_admin(token, admin_secrets, container.clock().now())

    def service() -> None:
        g.caller = calling = container.authenticate_service()(JwtToken.parse(_shown()))
        is_made_by(request, calling.service.id)

    checks: dict[Authentication, Callable[[], None]] = {
        Authentication.NONE: lambda: None,
        Authentication.SERVICE: service,
        Authentication.ADMIN: admin,
        Authentication.SERVICE_OR_ADMIN: lambda: admin() if _is_of_the_admin() else service(),
        Authentication.SCRAPER: lambda: _authenticate_scraper(container.metrics().token),
        Authentication.OPERATOR: lambda: _authenticate_operator(admin_secrets) if _is_basic() else admin(),
    }

    by_endpoint = {endpoint: checks[declared(view)] for endpoint, view in app.view_functions.items()}

    @app.before_request
    def _authenticate() -> None:
        endpoint = request.endpoint
        if endpoint is not None:
            by_endpoint[endpoint]()

    @app.after_request
    def _ask(response: Response) -> Response:
        if response.status_code == HTTPStatus.UNAUTHORIZED and request.endpoint is not None:
            view = current_app.view_functions[request.endpoint]
            if declared(view) is Authentication.OPERATOR:
                response.headers["WWW-Authenticate"] = 'Basic realm="Notify: an admin secret", charset="UTF-8"'
        return response


def caller() -> Caller:
    """The service and key of the request under way."""
    found: Caller = g.caller
    return found


def check_own(service_id: UUID) -> None:
    """:raises NotFound: a service asks for what is another's."""
    asking: Caller | None = g.get("caller")
    if asking is not None and asking.service.id != service_id:
        raise NotFound(f"service {service_id} is another one")


def _is_of_the_admin() -> bool:
    return JwtToken.parse(_shown()).issuer == ADMIN_ISSUER


def _is_basic() -> bool:
    return _authorization()[0] == "basic"


def _authenticate_operator(secrets: Sequence[str]) -> None:
    """By a password that is one of the admin secrets; whoever has one could sign any admin token."""
    try:
        # Not by the framework: characters beyond ASCII are too much for its parser.
        _, _, password = b64decode(_authorization()[1].strip(), validate=True).partition(b":")
    except ValueError:
        password = b""
    # Every secret is compared, each in constant time, so that the time taken does not tell which one fits.
    if not sum(hmac.compare_digest(password, secret.encode()) for secret in secrets):
        raise AuthFailed(HTTPStatus.UNAUTHORIZED, "Unauthorized: the password is no admin secret")


def _authenticate_scraper(token: str) -> None:
    if not is_token(_shown(), token):
        raise AuthFailed(HTTPStatus.UNAUTHORIZED, "Unauthorized: that is not the token of the metrics")


def _authorization() -> tuple[str, str]:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower(), shown


def _shown() -> str:
    return bearer_token(request.headers.get("Authorization"))

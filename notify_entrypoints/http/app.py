"""The Flask application."""

import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import Blueprint, Flask

from notify_core.kernel.errors import NotifyError
from notify_entrypoints.containers import Container, check_schema
from notify_entrypoints.exporting import Fetched
from notify_entrypoints.fake_network import are_played
from notify_entrypoints.http import (
    authentication,
    documentation,
    documents,
    errors,
    fake_network,
    idempotency,
    inbound,
    letter_answers,
    metrics,
    receipts,
    request_log,
    status,
    unsubscribe,
)
from notify_entrypoints.http.answers import Answers
from notify_entrypoints.http.internal import (
    accounts,
    broadcast_revisions,
    broadcast_services,
    jobs,
    returned_letters,
    unsubscribe_requests,
)
from notify_entrypoints.http.internal import broadcasts as internal_broadcasts
from notify_entrypoints.http.internal import letters as internal_letters
from notify_entrypoints.http.internal import templates as internal_templates
from notify_entrypoints.http.v2 import broadcast, letters, notifications, received_texts, templates
from notify_entrypoints.logs import configure
from notify_entrypoints.settings import load_settings
from notify_entrypoints.settings.advice import warnings
from notify_entrypoints.settings.variables import PORTS

log = logging.getLogger(__name__)

# What requests need. Suppliers and their keys are the workers' business.
_PORTS = ("cbc", "rate_limiter", "sms_receipts", "sms_inbound", "email_receipts", "letter_announcements")
# Those that few requests need: while one is away the others are served, so that it is no matter of being ready.
_SOMETIMES = ("documents", "virus_scanner", "recipient_files", "letter_store", "bank_holidays")

# By this status gunicorn knows that the application cannot be loaded; after another it would try for ever.
_NO_USE = 4

LARGEST_BODY = 10 * 1024 * 1024

BLUEPRINTS = (
    notifications.blueprint,
    letters.blueprint,
    templates.blueprint,
    broadcast.blueprint,
    internal_broadcasts.blueprint,
    broadcast_revisions.blueprint,
    broadcast_services.blueprint,
    *accounts.BLUEPRINTS,
    unsubscribe_requests.blueprint,
    unsubscribe.blueprint,
    inbound.blueprint,
    received_texts.blueprint,
    receipts.blueprint,
    letter_answers.blueprint,
    returned_letters.blueprint,
    internal_letters.blueprint,
    internal_templates.blueprint,
    jobs.blueprint,
    status.blueprint,
    documentation.blueprint,
    documents.blueprint,
)


class Api(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        # No view or hook of ours is asynchronous; Flask would look at every one of them, at every request.
        return func


def create_app(container: Container | None = None) -> Flask:
    """The API on ``container``, or, for a server such as gunicorn, on the platform that the environment
    configures.

    :raises SettingsError: a secret is missing.
    :raises SystemExit: without ``container``, where the configuration is wrong or the database has not been
        migrated; what it is has been said on standard error.
    :raises UndeclaredRoute: a route does not say who may call it.
    """
    if container is not None:
        return _app(container, _blueprints(container), [port.name for port in PORTS])
    try:
        configured = _configured()
        return _app(configured, _blueprints(configured), _PORTS)
    except NotifyError as error:
        sys.stderr.write(f"notify: {' '.join(str(error).split())}\n")
        raise SystemExit(_NO_USE) from None


def create_fake_network_app(container: Container) -> Flask:
    """Only the page of the fake networks, for a process that plays them and is no API.

    :raises SettingsError: a secret is missing.
    """
    return _app(container, (fake_network.blueprint,), ())


def _configured() -> Container:
    settings = load_settings()
    configure(settings.log_format)
    container = Container(settings=settings)
    check_schema(container)
    for port in (*_PORTS, *_SOMETIMES):
        # Now: a wrong option must stop the start, not the first request.
        container.providers[port]()
    for warning in warnings(settings).values():
        log.warning("%s", warning)
    return container


def _app(container: Container, blueprints: Iterable[Blueprint], ports: Sequence[str]) -> Flask:
    app = Api(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json = Answers(app)
    app.extensions["container"] = container
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    request_log.install(app, container.clock())
    authentication.install(app, container)
    idempotency.install(app, container)
    errors.install(app)
    documentation.install(app)
    status.install(app, container, ports)
    return app


def _blueprints(container: Container) -> tuple[Blueprint, ...]:
    """All, and those that what is chosen brings."""
    played = (fake_network.blueprint,) if are_played(container.settings()) else ()
    fetched = (metrics.blueprint,) if isinstance(container.metrics(), Fetched) else ()
    return (*BLUEPRINTS, *played, *fetched)

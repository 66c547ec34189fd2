"""The figures of all processes of this data directory, where Prometheus fetches them."""

from flask import Blueprint, Response, current_app

from notify_entrypoints.containers import container_of
from notify_entrypoints.exporting import PATH
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import TEXT_PLAIN, documented

blueprint = Blueprint("metrics", __name__)


@blueprint.get(PATH)
@authentication(Authentication.SCRAPER)
@documented("What Prometheus reads, in its text format", None, answer_type=TEXT_PLAIN)
def metrics() -> Response:
    """Only where ``NOTIFY_METRICS=prometheus``."""
    body, content_type = container_of(current_app).metrics().exposition()
    return Response(body, content_type=content_type)

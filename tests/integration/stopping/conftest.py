from tests.integration.celery_app.conftest import broker_url, make_deployment, statsd  # noqa: F401 - fixtures

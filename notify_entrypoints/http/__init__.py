"""The HTTP way in: ``gunicorn 'notify_entrypoints.http:create_app()'``."""

from notify_entrypoints.http.app import create_app

__all__ = ["create_app"]

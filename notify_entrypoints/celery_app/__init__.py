"""The Celery way in: ``celery -A notify_entrypoints.celery_app worker -Q …``, ``… beat``.

``app`` is made when somebody asks for it, not when this package is imported.
"""

from functools import cache
from typing import Any


@cache
def _app() -> Any:
    from notify_entrypoints.celery_app.make import make_app
    from notify_entrypoints.settings import load_settings

    return make_app(load_settings())


def __getattr__(name: str) -> Any:
    if name == "app":
        return _app()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

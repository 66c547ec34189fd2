"""The Celery way in: ``celery -A notify_entrypoints.celery_app worker -Q …``, ``… beat``.

``app`` is made when somebody asks for it, not when this package is imported. A configuration that is wrong ends the
process: Celery would print a traceback of it.
"""

from functools import cache
from typing import Any


@cache
def _app() -> Any:
    from notify_core.kernel.errors import NotifyError
    from notify_entrypoints.celery_app.make import make_app
    from notify_entrypoints.settings import load_settings

    try:
        return make_app(load_settings())
    except NotifyError as error:
        raise SystemExit(f"notify: {' '.join(str(error).split())}") from None


def __getattr__(name: str) -> Any:
    if name == "app":
        return _app()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

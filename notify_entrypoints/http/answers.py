"""How answers are written as JSON."""

import json
from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider


class Answers(DefaultJSONProvider):
    """As short as can be, and in the order they were made in. What writes is made once; the framework makes one for
    each answer."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._written = json.JSONEncoder(default=self.default, separators=(",", ":")).encode

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(obj, **kwargs) if kwargs else self._written(obj)

    def response(self, *args: Any, **kwargs: Any) -> Any:
        document = self._prepare_response_obj(args, kwargs)
        return self._app.response_class(f"{self._written(document)}\n", mimetype=self.mimetype)

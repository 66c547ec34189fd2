"""The bare baselines: Flask views that verify the token with PyJWT. POST does two one-row inserts with psycopg and
commits, GET selects one row. ``gunicorn benchmarks.baseline:app``"""

import os
import threading
from uuid import UUID, uuid4

import jwt
import psycopg
from flask import Flask, Response, jsonify, request

app = Flask(__name__)
_local = threading.local()
_SECRET = os.environ.get("BASELINE_SECRET", "")

TABLES = (
    """CREATE TABLE baseline_notification (id uuid PRIMARY KEY, recipient text NOT NULL, template uuid NOT NULL,
    status text NOT NULL, created_at timestamptz NOT NULL DEFAULT now())""",
    """CREATE TABLE baseline_task (id uuid PRIMARY KEY, name text NOT NULL, arguments text NOT NULL,
    due_at timestamptz NOT NULL DEFAULT now())""",
)


@app.post("/v2/notifications/sms")
def send() -> tuple[Response, int]:
    _verify()
    body = request.get_json()
    notification_id = uuid4()
    connection = _connection("writing")
    connection.execute(
        "INSERT INTO baseline_notification (id, recipient, template, status) VALUES (%s, %s, %s, 'created')",
        (notification_id, body["phone_number"], body["template_id"]),
    )
    connection.execute(
        "INSERT INTO baseline_task (id, name, arguments) VALUES (%s, 'deliver_sms', %s)",
        (uuid4(), f'{{"notification_id": "{notification_id}"}}'),
    )
    connection.commit()
    return jsonify({"id": str(notification_id)}), 201


@app.get("/v2/notifications/<uuid:notification_id>")
def read(notification_id: UUID) -> Response:
    _verify()
    row = (
        _connection("reading", autocommit=True)
        .execute("SELECT id, recipient, template, status FROM baseline_notification WHERE id = %s", (notification_id,))
        .fetchone()
    )
    assert row is not None
    return jsonify(dict(zip(("id", "phone_number", "template", "status"), row, strict=True)))


def _verify() -> None:
    jwt.decode(
        request.headers["Authorization"].removeprefix("Bearer "),
        _SECRET,
        algorithms=["HS256"],
        options={"verify_iat": False},
    )


def _connection(use: str, *, autocommit: bool = False) -> psycopg.Connection[tuple[object, ...]]:
    if not hasattr(_local, use):
        setattr(_local, use, psycopg.connect(os.environ["BASELINE_DATABASE"], autocommit=autocommit))
    found: psycopg.Connection[tuple[object, ...]] = getattr(_local, use)
    return found

"""The bare baseline of a POST: a Flask view that verifies the token with PyJWT, does two one-row inserts
with psycopg, and commits. ``gunicorn benchmarks.baseline:app``"""

import os
import threading
from uuid import uuid4

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
    jwt.decode(
        request.headers["Authorization"].removeprefix("Bearer "),
        _SECRET,
        algorithms=["HS256"],
        options={"verify_iat": False},
    )
    body = request.get_json()
    notification_id = uuid4()
    connection = _connection()
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


def _connection() -> psycopg.Connection[tuple[object, ...]]:
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["BASELINE_DATABASE"])
    found: psycopg.Connection[tuple[object, ...]] = _local.connection
    return found

"""What is answered when something goes wrong that is no request's content."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.kernel.errors import (
    Conflict,
    DailyLimitReached,
    Forbidden,
    IllegalTransition,
    PermanentError,
    TransientError,
)

SECRET = "password=hunter2 for grace@example.gov.uk, +447700900123"


@pytest.fixture
def key(notify):
    return notify.key(notify.service())


@pytest.fixture
def failing(notify, key):
    """What is answered when the use case behind GET /v2/templates raises ``error``."""

    def ask(error):
        def fails(*_):
            raise error

        with notify.container.list_templates.override(fails):
            return notify.get("/v2/templates", key)

    return ask


def test_unknown_paths(notify, key, errors_of):
    for answer in (notify.get("/v2/unknown", key), notify.request("GET", "/v2/notifications/sms/x")):
        assert errors_of(answer, 404, "NoResultFound") == ["No result found"]
    answer = notify.request("GET", "/unknown")
    assert (answer.status_code, answer.json) == (404, {"result": "error", "message": "No result found"})


def test_unknown_methods(notify, key, errors_of):
    answer = notify.request("DELETE", "/v2/notifications/sms", notify.token(key))
    assert errors_of(answer, 405, "MethodNotAllowed") == ["The method is not allowed for the requested URL."]
    assert "POST" in answer.headers["Allow"]
    answer = notify.request("DELETE", "/_status")
    assert answer.status_code == 405
    assert answer.json == {"result": "error", "message": "The method is not allowed for the requested URL."}


@pytest.mark.parametrize(
    "error",
    [RuntimeError(SECRET), PermanentError(SECRET), KeyError(SECRET), AssertionError(SECRET), RecursionError(SECRET)],
)
def test_what_we_did_not_expect_says_nothing_of_our_inside(failing, errors_of, caplog, error):
    error.__cause__ = ValueError(SECRET)
    answer = failing(error)

    assert errors_of(answer, 500, "InternalServerError") == ["Internal server error"]
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    written = logging.Formatter().format(record)
    # Where it happened is said, with what came in is not.
    assert type(error).__name__ in written
    assert "in fails" in written
    assert "grace" not in written
    assert "7700900123" not in written


def test_internal_endpoints_say_as_little(notify):
    def fails(*_):
        raise RuntimeError(SECRET)

    with notify.container.list_broadcast_messages.override(fails):
        answer = notify.admin("GET", f"/service/{uuid4()}/broadcast-message")
    assert (answer.status_code, answer.json) == (500, {"result": "error", "message": "Internal server error"})


def test_what_may_work_later(failing, errors_of, caplog):
    answer = failing(TransientError(SECRET))

    assert errors_of(answer, 503) == ["Service temporarily unavailable, please try again later"]
    assert "TransientError" in caplog.text
    assert "grace" not in caplog.text


def test_who_comes_too_early_is_told_when_to_come_again(failing):
    assert failing(TransientError("busy")).headers["Retry-After"] == "5"
    assert failing(TransientError("busy", retry_after=timedelta(minutes=1))).headers["Retry-After"] == "60"


def test_a_database_that_lacks_something(notify, key, errors_of):
    with notify.container.engine().begin() as connection:
        connection.exec_driver_sql("alter table services rename to elsewhere")
    assert errors_of(notify.get("/v2/templates", key), 500) == ["Internal server error"]


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (Conflict("it was changed"), 409, "ConflictError"),
        (Forbidden("not you"), 403, "BadRequestError"),
        (IllegalTransition("letter", "sent", "cancelled"), 400, "BadRequestError"),
    ],
)
def test_the_cores_reasons_are_told(failing, errors_of, error, status, kind):
    assert errors_of(failing(error), status, kind) == [str(error)]


def test_a_daily_limit(failing, errors_of):
    answer = failing(DailyLimitReached("Exceeded send limits (sms: 50) for today", retry_after=timedelta(hours=2)))

    assert errors_of(answer, 429, "TooManyRequestsError") == ["Exceeded send limits (sms: 50) for today"]
    assert answer.headers["Retry-After"] == "7200"


def test_alive(notify):
    answer = notify.request("GET", "/_status")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")

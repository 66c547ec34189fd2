"""CAP documents with an Idempotency-Key: the alert and its answer are stored together."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from notify_core.accounts.model import Answer, RequestKey
from tests.integration.http.test_cap import CAP, PATH, cap

HEADERS = {"Content-Type": CAP, "Idempotency-Key": "flood 1"}


@pytest.fixture
def key(notify):
    return notify.key(notify.broadcasting_service())


@pytest.fixture
def post(notify, key):
    return lambda document: notify.post(PATH, document.encode(), key, headers=HEADERS)


def test_the_same_document_again_has_the_same_answer(notify, key, post, kept):
    first, again = post(cap()), post(cap())
    assert first.status_code == 201
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert kept()["broadcast_messages"] == 1


def test_the_answer_is_kept_with_the_alert(notify, key, post):
    """A process that dies when the alert is stored has kept its answer, too."""
    kept = []
    real = notify.container.submit_cap()

    def stored_answer():
        named = RequestKey(key.id, PATH, "flood 1")
        return notify.container.begin_request()(named, cap().encode()).answer

    class Dies(type(real)):
        def __call__(self, posted):
            super().__call__(posted)
            kept.append(stored_answer())
            raise SystemExit

    notify.container.submit_cap.override(Dies(**{name: getattr(real, name) for name in real.__dataclass_fields__}))
    with pytest.raises(SystemExit):
        post(cap())
    notify.container.submit_cap.reset_override()
    again = post(cap())
    assert kept == [Answer(201, again.text)]
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_document_that_another_request_brought_at_the_same_moment_has_its_answer(notify, key, post, kept):
    """The second finds, when it stores, that the first was faster; its answer is kept all the same."""
    real, others = notify.container.submit_cap(), []

    def without_a_key():
        return notify.post(PATH, cap().encode(), key, headers={"Content-Type": CAP})

    def overtaken(*, read_only=False):
        if not read_only and not others:
            notify.container.submit_cap.reset_override()
            # Elsewhere: a request inside a request of the same thread would share what it notes.
            with ThreadPoolExecutor(1) as elsewhere:
                others.append(elsewhere.submit(without_a_key).result())
        return notify.container.work()(read_only=read_only)

    parts = {name: getattr(real, name) for name in real.__dataclass_fields__} | {"work": overtaken}
    notify.container.submit_cap.override(type(real)(**parts))
    late = post(cap())
    assert late.json["id"] == others[0].json["id"]
    again = post(cap())
    assert (again.data, again.headers["Idempotent-Replayed"]) == (late.data, "true")
    assert kept()["broadcast_messages"] == 1

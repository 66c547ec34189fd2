"""Bodies that are larger than anybody needs: refused before they are read, or as soon as they are too large."""

import io

import pytest

from notify_entrypoints.http.app import LARGEST_BODY

PATH, CAP = "/v2/broadcast", "application/cap+xml"


@pytest.fixture
def key(notify):
    return notify.key(notify.broadcasting_service())


class Endless(io.RawIOBase):
    """A body that never ends, and knows how much of it was wanted."""

    def __init__(self):
        self.read_so_far = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        self.read_so_far += len(buffer)
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


def test_50_megabytes_are_refused_before_they_are_read(notify, key, kept, errors_of):
    before, body = kept(), Endless()
    answer = notify.request(
        "POST",
        PATH,
        notify.token(key),
        headers={"Content-Type": CAP},
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": "50000000"},
    )

    (message,) = errors_of(answer, 413, "RequestEntityTooLarge")
    assert "exceeds the capacity limit" in message
    assert body.read_so_far == 0
    assert kept() == before


def test_of_a_body_without_a_length_no_more_is_read_than_may_be(notify, key, kept, errors_of):
    before, body = kept(), Endless()
    answer = notify.request(
        "POST",
        PATH,
        notify.token(key),
        headers={"Content-Type": CAP, "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input": body, "wsgi.input_terminated": True},
    )

    assert answer.status_code in {400, 413}
    errors_of(answer, answer.status_code)
    assert body.read_so_far <= LARGEST_BODY + 128 * 1024
    assert kept() == before


def test_who_may_not_is_refused_before_anything_is_read(notify, tokens):
    for token, headers, status in (
        (None, {"Content-Type": CAP}, 401),
        (notify.token(notify.key(notify.service())), {"Content-Type": CAP}, 400),
        (notify.token(notify.key(notify.broadcasting_service())), {"Content-Type": "text/xml"}, 415),
    ):
        body = Endless()
        answer = notify.request(
            "POST",
            PATH,
            token,
            headers=headers,
            environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": "9000000"},
        )
        assert answer.status_code == status
        assert body.read_so_far == 0

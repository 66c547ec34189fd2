"""50 MB over a real connection to ``notify serve``."""

from pathlib import Path

import pytest
import requests

SIZE = 50_000_000
MOST_MEMORY = 30_000_000


def pieces():
    for _ in range(SIZE // 50_000):
        yield b"x" * 50_000


def highest_memory(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@pytest.mark.parametrize("path", ["/v2/broadcast", "/notifications/sms/mmg"])
@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_it_is_refused_in_the_shape_of_the_api_and_takes_no_memory(migrated, path, chunked):
    with migrated.serving() as served:
        before = highest_memory(served.pid)
        answer = requests.post(
            f"{migrated.url}{path}",
            data=pieces() if chunked else b"x" * SIZE,
            headers={"Content-Type": "application/cap+xml"},
            timeout=60,
        )

        assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/json")
        if path.startswith("/v2/"):
            (error,) = answer.json()["errors"]
            assert (answer.json()["status_code"], error["error"]) == (413, "RequestEntityTooLarge")
            assert error["message"].startswith("Request Entity Too Large: exceeds ")
        else:
            assert answer.json()["result"] == "error"
        assert highest_memory(served.pid) - before < MOST_MEMORY
        assert requests.get(f"{migrated.url}/_status", timeout=30).ok


def test_what_is_no_http_is_refused_in_json_too(migrated):
    with migrated.serving():
        answer = requests.get(f"{migrated.url}/v2/notifications", headers={"X-Long": "x" * 300_000}, timeout=60)

    assert (answer.status_code, answer.headers["Content-Type"]) == (431, "application/json")
    assert set(answer.json()) == {"result", "message"}

"""``GET /v2/notifications/{id}`` against a bare view that selects one row."""

import sys

import requests

from benchmarks.http_load import APPS, Bench, bench, compare, served


def main() -> int:
    with bench() as made:
        scripts = {name: f'wrk.path = "/v2/notifications/{_sent(made, app)}"' for name, app in APPS.items()}
        compare(made, "GET /v2/notifications/{id}", scripts, least_share=0.6)
    return 0


def _sent(made: Bench, app: str) -> str:
    """The id of a message that ``app`` took."""
    with served(made, app) as port:
        answer = requests.post(
            f"http://127.0.0.1:{port}/v2/notifications/sms",
            json=made.body,
            headers={"Authorization": f"Bearer {made.token}"},
            timeout=30,
        )
    answer.raise_for_status()
    return str(answer.json()["id"])


if __name__ == "__main__":
    sys.exit(main())

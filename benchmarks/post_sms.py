"""``POST /v2/notifications/sms`` against the bare baseline, with INFO logs, rate limit and ledger row."""

import json
import sys

from benchmarks.http_load import APPS, bench, compare


def main() -> int:
    with bench() as made:
        request = f"""
wrk.method, wrk.path = "POST", "/v2/notifications/sms"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{json.dumps(made.body)}'
"""
        compare(made, "POST /v2/notifications/sms", dict.fromkeys(APPS, request), least_share=0.85, most_cost=1.6)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Ask the database of known vulnerabilities (osv.dev) about every release that the lock names.

    python scripts/audit.py requirements.lock [--must] [--database URL]

Exit status 1 where one is known. Where the database cannot be reached, nothing is known either way: that is said,
and fails only with ``--must``, since a check must also run on machines without a network.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

DATABASE = "https://api.osv.dev/v1/query"
# Seconds for the whole lock; where the database is there it takes a few.
PATIENCE = 300
# How requests calls it when nobody answers.
_AWAY = re.compile(r"\b(?:\w*ConnectionError|\w*Timeout|ProxyError|SSLError)\b")


def audit(lock: str, database: str) -> subprocess.CompletedProcess[str]:
    # The lock is complete and hashed, so nothing is resolved or fetched: only names and versions are asked for.
    command = [
        str(Path(sys.executable).with_name("pip-audit")),
        "--requirement",
        lock,
        "--disable-pip",
        "--require-hashes",
    ]
    command += ["--vulnerability-service", "osv", "--osv-url", database, "--timeout", "10", "--progress-spinner", "off"]
    command += ["--format", "json", "--strict"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("lock")
    parser.add_argument("--must", action="store_true")
    parser.add_argument("--database", default=DATABASE)
    given = parser.parse_args()
    ran = audit(given.lock, given.database)
    try:
        asked = json.loads(ran.stdout)["dependencies"]
    except ValueError:
        why = (ran.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"NOT AUDITED: nothing is known of vulnerabilities. {given.database} was asked: {why}")
        return 1 if given.must or not _AWAY.search(why) else 0
    found = [
        f"{one['name']} {one['version']}: {hit['id']}, mended in {', '.join(hit['fix_versions']) or 'no release'}"
        for one in asked
        for hit in one["vulns"]
    ]
    print("\n".join(found) or f"audited: nothing is known against the {len(asked)} releases of {given.lock}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""All benchmarks, or those named, and one table of what they measured. ``python -m benchmarks [NAME…]``

Each runs in a process of its own. A figure that is missed is told in the table; the exit status is 1 when a program
itself failed: it ended otherwise than by its own will, or found a violation of what must always be so.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import FILE, read
from benchmarks.own_postgresql import own_postgresql
from benchmarks.programs import PROGRAMS, Program, chosen
from benchmarks.report import Outcome, report

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "build" / "bench.md"


def main() -> int:
    wanted = _arguments()
    if wanted.list:
        print("\n".join(program.name for program in PROGRAMS))
        return 0
    programs = chosen(wanted.names)
    with ExitStack() as until_the_end:
        if wanted.own_postgresql:
            os.environ["NOTIFY_TEST_POSTGRESQL_URL"] = until_the_end.enter_context(own_postgresql()).url
        # Only now: it reads which server is meant.
        from benchmarks.machine import hardware, libraries
        from benchmarks.machine import programs as versions

        about = {
            "Date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            "Machine": f"{hardware()}; load at the beginning {os.getloadavg()[0]:.1f}",
            "Versions": versions(),
            "Libraries": libraries(),
        }
        if wanted.tiny:
            about["Settings"] = "tiny: these figures say nothing"
        outcomes = [_run(program, tiny=wanted.tiny) for program in programs]
    text = report(about, outcomes)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text, encoding="utf-8")
    print(f"\n{text}\n\nThis is in {REPORT.relative_to(ROOT)}.")
    return 1 if any(outcome.failure for outcome in outcomes) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure, and make one table of it.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which to run; all where none is named")
    parser.add_argument("--list", action="store_true", help="print the names")
    parser.add_argument("--tiny", action="store_true", help="only see whether they run")
    parser.add_argument(
        "--own-postgresql",
        action="store_true",
        help="measure on a server started for it, as PostgreSQL comes, instead of NOTIFY_TEST_POSTGRESQL_URL's",
    )
    return parser.parse_args()


def _run(program: Program, *, tiny: bool) -> Outcome:
    """What it printed is printed; what it told is read even when it failed afterwards."""
    print(f"\n== {program.name}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as folder:
        told = Path(folder) / "figures"
        # What the caller set comes first.
        settings = {**program.settings, **(program.tiny if tiny else {}), **os.environ, FILE: str(told)}
        command = [sys.executable, "-m", f"benchmarks.{program.module}", *program.arguments]
        failure = _failure(command, settings, program.patience)
        figures, sections = read(told)
    if failure:
        print(f"{program.name} {failure}", flush=True)
    return Outcome(program.name, figures, sections, time.monotonic() - began, failure)


def _failure(command: list[str], environment: dict[str, str], patience: float) -> str:
    """Why it did not end well; empty: it did."""
    running = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        status = running.wait(patience)
    except subprocess.TimeoutExpired:
        # As Ctrl-C would, so that it ends what it started.
        running.send_signal(2)
        try:
            running.wait(60)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        return f"was not done in {patience:g} s"
    return f"ended with status {status}" if status else ""


if __name__ == "__main__":
    sys.exit(main())

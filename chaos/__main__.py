"""``python -m chaos``: exit status 1, and a list, where anything is not as it must be.

Settings: ``CHAOS_SEED``, ``CHAOS_SECONDS`` (of load and faults), ``CHAOS_PATIENCE`` (seconds to drain), ``CHAOS_KEEP``
(a folder for the logs)."""

import os
import secrets
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from chaos.platform import ChaosPlatform, moved_clock
from chaos.run import Run
from chaos.servers import NotInstalled, PostgreSql, Redis

_REPORTS = Path("build/chaos")


def main() -> int:
    seed = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(1_000_000))
    seconds, patience = (float(os.environ.get(f"CHAOS_{name}") or usual) for name, usual in _USUAL.items())
    print(f"chaos, CHAOS_SEED={seed}: {seconds:g} s of load and faults", flush=True)
    try:
        # Said at the beginning, not when the first clock is to be moved.
        moved_clock(1)
        text, found = _run(seed, seconds, patience)
    except NotInstalled as error:
        print(error, file=sys.stderr)
        return 2
    _REPORTS.mkdir(parents=True, exist_ok=True)
    file = _REPORTS / f"{seed}.md"
    file.write_text(text, encoding="utf-8")
    print(text.partition("\n\n## Faults")[0])
    print(f"\n{len(found) or 'no'} violations; the report is {file}")
    return 1 if found else 0


_USUAL = {"SECONDS": "120", "PATIENCE": "600"}


def _run(seed: int, seconds: float, patience: float) -> tuple[str, list[str]]:
    folder = Path(tempfile.mkdtemp(prefix="notify-chaos-"))
    with ExitStack() as opened:
        opened.callback(_put_away, folder)
        postgresql, redis = PostgreSql(), Redis()
        for server in (postgresql, redis):
            opened.callback(server.close)
            server.start()
        return Run(ChaosPlatform(folder, postgresql, redis), postgresql, redis, seed, seconds, patience)()


def _put_away(folder: Path) -> None:
    """The logs, for whoever wants to know why."""
    if keep := os.environ.get("CHAOS_KEEP"):
        shutil.copytree(folder, keep, dirs_exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

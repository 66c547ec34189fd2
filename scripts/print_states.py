"""Print every state table to docs/states/*.md, or check that the files say what the tables say."""

import sys
from pathlib import Path

from notify_core.broadcasts.states import MESSAGE, PROVIDER_MESSAGE, REVISION
from notify_core.callbacks.states import CIRCUIT
from notify_core.jobs.states import MACHINE as JOB
from notify_core.kernel.state_diagram import mermaid
from notify_core.letters.states import MACHINE as LETTER
from notify_core.notifications.states import MACHINE as NOTIFICATION

MACHINES = {
    "notification": NOTIFICATION,
    "letter": LETTER,
    "job": JOB,
    "callback-circuit": CIRCUIT,
    "broadcast-message": MESSAGE,
    "broadcast-provider-message": PROVIDER_MESSAGE,
    "broadcast-revision": REVISION,
}


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    folder = Path(arguments[-1])
    stale = []
    for name, machine in MACHINES.items():
        path, text = folder / f"{name}.md", mermaid(machine)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path))
    if stale:
        print(f"{', '.join(stale)} differ from the state tables: run `make pages`")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

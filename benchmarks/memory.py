"""Megabytes of each process after real work: texts, emails, letters, a job, an alert. PostgreSQL, Celery on Redis, S3
played by moto's server; a relay of its own; and ``notify serve`` on SQLite.

RSS counts what processes share for each of them, USS not at all, PSS to each its part: what they take together is the
sum of PSS. Held is PSS. Libraries that only development installs, and that a library of ours loads where it finds
them, are hidden: they are not there in production.
"""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from benchmarks.alerts import Agency
from benchmarks.bulk_senders import Sender
from benchmarks.figures import Figure, Section, table, tell, tell_more
from benchmarks.http_load import ROOT
from benchmarks.machine import describe
from demo.account import eventually
from demo.letters import ADDRESS
from demo.platform import EmbeddedPlatform, Platform
from demo.production import BEAT, BROADCASTS, DELIVERIES, WEB, ProductionPlatform
from demo.services import Cast
from notify_core.ports.task_ledger import EntryState, TaskLedger
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import load_settings

TEXTS = int(os.environ.get("BENCH_ROWS", "2000"))
OTHERS = max(1, TEXTS // 20)
TO_HOLD = 70.0
PATIENCE = 300.0
MANY = 10_000_000
RELAY = "relay"
# dependency_injector loads it where it finds it.
_HIDDEN = ("pydantic_settings",)


@dataclass(frozen=True)
class Memory:
    """Of one process, in MB."""

    rss: float
    pss: float
    uss: float


class WithRelay(ProductionPlatform):
    parts = (WEB, DELIVERIES, BROADCASTS, BEAT, RELAY)

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "NOTIFY_TASK_QUEUE_RELAY": "none", **_hiding(self._folder)}

    def _command(self, part: str) -> tuple[str, ...]:
        return ("notify", "relay") if part == RELAY else super()._command(part)


class Embedded(EmbeddedPlatform):
    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, **_hiding(self._folder)}


def main() -> int:
    print(f"memory after {TEXTS:,} texts twice, and {OTHERS:,} emails and letters; {describe()}")
    found = [*_of(WithRelay), *_of(Embedded)]
    rows = [(name, f"{one.rss:.0f}", f"{one.pss:.0f}", f"{one.uss:.0f}") for name, one in found]
    tell_more(Section("Memory of each process, in MB", table(("process", "RSS", "PSS", "USS"), rows)))
    for kind, name in (("an API worker", f"{WEB}, child"), ("a task child", f"{DELIVERIES}, child")):
        most = max(one.pss for process, one in found if process == name)
        tell(Figure(f"memory of {kind}, PSS", most, "MB", most=TO_HOLD))
    return 0


def _of(kind: type[WithRelay] | type[Embedded]) -> Iterator[tuple[str, Memory]]:
    with tempfile.TemporaryDirectory(prefix="notify-bench-") as folder:
        platform, cast = kind(Path(folder)), Cast()
        sender = Sender(platform, "Clinic")
        platform.prepare()
        try:
            council, agency = cast.document("", "", "")["services"]
            # Nobody is there to be told.
            del council["callbacks"]
            council |= {"message_limit": MANY, "rate_limit": MANY}
            platform.provision({"services": [sender.document(), council, agency]})
            platform.start()
            _work(platform, sender, cast)
            for part in platform.parts:
                main, *children = map(_memory, platform.pids(part))
                yield part, main
                # Of those that did the same, the largest.
                yield from [(f"{part}, child", max(children, key=attrgetter("pss")))] if children else []
        finally:
            platform.stop()


def _work(platform: Platform, sender: Sender, cast: Cast) -> None:
    client, agency = cast.client(platform.url), Agency(platform, cast)
    sender.submit(TEXTS)
    for _ in range(TEXTS):
        sender.send()
    card = {"name": "Zoë", "card": "20260105"} | {f"address_line_{n}": line for n, line in enumerate(ADDRESS, 1)}
    for _ in range(OTHERS):
        client.send_email_notification("reader@example.com", cast.email_template, {"name": "Zoë", "titles": ["Emma"]})
        letter = client.send_letter_notification(cast.letter_template, card)
        client.get_notification_by_id(letter["id"])
        client.get_all_notifications()
    agency.approve(agency.pending())
    ledger = Container(settings=load_settings(platform.environment)).ledger()
    eventually(lambda: _is_done(ledger) or None, within=PATIENCE, otherwise="the work was not done")


def _is_done(ledger: TaskLedger) -> bool:
    return all(state is EntryState.FAILED for (_, state), rows in ledger.depth().items() if rows)


def _memory(pid: int) -> Memory:
    sizes: Counter[str] = Counter()
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
        if line.endswith(" kB"):
            name, kilobytes = line.removesuffix(" kB").split(":")
            sizes[name] = int(kilobytes)
    return Memory(
        *(size / 1024 for size in (sizes["Rss"], sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"]))
    )


def _hiding(folder: Path) -> dict[str, str]:
    """Variables for a process that does not find what is hidden."""
    hiding = folder / "hidden"
    hiding.mkdir(exist_ok=True)
    for name in _HIDDEN:
        (hiding / f"{name}.py").write_text(f"raise ModuleNotFoundError('hidden', name={name!r})\n", encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join((str(hiding), str(ROOT)))}


if __name__ == "__main__":
    sys.exit(main())

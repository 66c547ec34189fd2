"""The engines of production on servers of this run's own, with everybody outside played here, and in the groups of
workers that docs/operations.md asks for."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from chaos.outside import FIRETEXT, LAMBDA, MMG, S3, ZENDESK, Outside
from chaos.receipts import Receipts
from chaos.records import Records
from chaos.servers import NotInstalled, PostgreSql, Redis
from chaos.trouble import TIME_OUT
from demo.production import BEAT, WEB, ProductionPlatform
from notify_core.kernel import queues as q

RELAYS = ("relay-1", "relay-2")
_LIBRARY = "libfaketime.so.1"
_LIBRARIES = Path("/usr/lib")
_CLOCKS = Path(__file__).parent / "clocks"

# Group: how many processes, and its queues. The processes are few, for the whole runs on one small machine.
GROUPS: Mapping[str, tuple[int, tuple[q.Queue, ...]]] = {
    "broadcasts": (4, (q.BROADCASTS,)),
    "priority": (1, (q.PRIORITY,)),
    "deliveries": (2, (q.SEND_SMS, q.SEND_EMAIL, q.RESEARCH_MODE)),
    "retries": (1, (q.RETRY,)),
    "receipts": (2, (q.SMS_CALLBACKS, q.INTERNAL)),
    "callbacks": (2, (q.SERVICE_CALLBACKS,)),
    "recalls": (1, (q.SERVICE_CALLBACKS_RETRY,)),
    "jobs": (1, (q.JOBS, q.DATABASE, q.REPORTING)),
    "letters": (1, (q.CREATE_LETTERS_PDF, q.LETTERS, q.SANITISE_LETTER, q.ANTIVIRUS, q.PROCESS_FTP)),
    "periodic": (1, (q.PERIODIC,)),
}
# Of these there are two, as on two machines, so that one is at work while the other starts.
_TWICE = ("deliveries",)
_GROUP_OF: Mapping[str, str] = {
    f"worker-{group}{number}": group for group in GROUPS for number in (("-1", "-2") if group in _TWICE else ("",))
}
WORKERS = tuple(_GROUP_OF)
INBOUND_NUMBER = "07700900900"
INBOUND_PASSWORD = "chaos-inbound"  # noqa: S105 - of a supplier that is played


def workers_of(*queues: q.Queue) -> Collection[str]:
    """Those that serve any of these queues."""
    return {name for name, group in _GROUP_OF.items() if set(GROUPS[group][1]) & set(queues)}


def moved_clock(seconds: int) -> Mapping[str, str]:
    """The variables of a process whose clock is moved by so much. Time that only passes goes on in it as it did, as
    where a machine's clock is set.

    :raises NotInstalled: libfaketime is nowhere.
    """
    if not seconds:
        return {}
    library = next(_LIBRARIES.glob(f"**/faketime/{_LIBRARY}"), None)
    if library is None:
        raise NotInstalled(f"the chaos suite needs {_LIBRARY} to move clocks (Debian: apt install faketime)")
    moved = {"LD_PRELOAD": str(library), "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return {**moved, "PYTHONPATH": os.pathsep.join(filter(None, (str(_CLOCKS), os.environ.get("PYTHONPATH"))))}


class ChaosPlatform(ProductionPlatform):
    """``clocks`` is by how many seconds the clock of a part is moved that is started from now on."""

    title = "Notify on PostgreSQL, Redis, Celery, S3, Lambda, HTTP and SMTP, among troubles"
    parts = (WEB, *WORKERS, *RELAYS, BEAT)

    def __init__(self, folder: Path, postgresql: PostgreSql, redis: Redis) -> None:
        super().__init__(folder, postgresql_url=postgresql.url, redis_url=redis.url)
        self.records = Records(folder / "taken.jsonl")
        self.receipts = Receipts(self.url)
        self.clocks: dict[str, int] = {}
        really = super().environment
        self.outside = Outside(
            self.records, self.receipts, really["AWS_ENDPOINT_URL_S3"], really["AWS_ENDPOINT_URL_LAMBDA"]
        )

    @property
    def environment(self) -> dict[str, str]:
        out = self.outside
        return {
            **super().environment,
            "NOTIFY_LOG_FORMAT": "json",
            # What was handed over and lost is noticed sooner than in production, and a run is shorter.
            "NOTIFY_TASK_LEASE": "30s",
            "NOTIFY_TASK_QUEUE_RELAY": "none",
            "NOTIFY_RATE_LIMITER": "redis",
            "NOTIFY_RATE_LIMITER_URL": self._redis_url,
            "NOTIFY_SMS": "mmg,firetext",
            "NOTIFY_SMS_MMG_URL": f"{out.url(MMG)}/send",
            "NOTIFY_SMS_MMG_API_KEY": "chaos",
            "NOTIFY_SMS_MMG_TIMEOUT": str(TIME_OUT),
            "NOTIFY_SMS_MMG_INBOUND_USERNAME": "mmg",
            "NOTIFY_SMS_MMG_INBOUND_PASSWORD": INBOUND_PASSWORD,
            "NOTIFY_SMS_FIRETEXT_URL": f"{out.url(FIRETEXT)}/send",
            "NOTIFY_SMS_FIRETEXT_API_KEY": "chaos",
            "NOTIFY_SMS_FIRETEXT_TIMEOUT": str(TIME_OUT),
            "NOTIFY_EMAIL": "smtp",
            "NOTIFY_EMAIL_HOST": "127.0.0.1",
            "NOTIFY_EMAIL_PORT": str(out.mail_port),
            "NOTIFY_EMAIL_TLS": "none",
            "NOTIFY_EMAIL_TIMEOUT": str(TIME_OUT),
            "NOTIFY_TICKETS": "zendesk",
            "NOTIFY_TICKETS_URL": out.url(ZENDESK),
            "NOTIFY_TICKETS_EMAIL": "oncall@notify.example",
            "NOTIFY_TICKETS_API_KEY": "chaos",
            "NOTIFY_TICKETS_TIMEOUT": str(TIME_OUT),
            "NOTIFY_CALLBACKS_TIMEOUT": str(TIME_OUT),
            "NOTIFY_CBC_READ_TIMEOUT": str(TIME_OUT),
            "NOTIFY_LETTER_STORE_READ_TIMEOUT": str(TIME_OUT),
            "NOTIFY_RECIPIENT_FILES_READ_TIMEOUT": str(TIME_OUT),
            "AWS_ENDPOINT_URL_S3": out.url(S3),
            "AWS_ENDPOINT_URL_LAMBDA": out.url(LAMBDA),
        }

    def start(self, *parts: str) -> None:
        """Whoever names parts does not wait for them. Otherwise the API is there before the others start, which keep
        a small machine busy."""
        for part in parts or self.parts:
            self._processes.start(
                part, *self._command(part), environment={**self.environment, **moved_clock(self.clocks.get(part, 0))}
            )
            if part == WEB and not parts:
                self._wait_for_web()

    def stop(self) -> None:
        """All has been asked: nobody needs to finish what has begun."""
        self._processes.kill(*self._processes.alive())
        super().stop()
        self.outside.close()

    def _command(self, part: str) -> tuple[str, ...]:
        if part in RELAYS:
            return ("notify", "relay")
        if part not in WORKERS:
            return super()._command(part)
        processes, served = GROUPS[_GROUP_OF[part]]
        return (
            "celery", "-A", "notify_entrypoints.celery_app", "worker", "--without-gossip", "--without-mingle",
            "-c", str(processes), "-n", f"{part}@%h", "-Q", ",".join(self._prefix + queue for queue in served),
        )  # fmt: skip

"""Whether the parts of a platform are there: each is asked in its own way, and none may take for ever."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from notify_core.documents.model import DocumentPlace
from notify_core.documents.ports import DocumentNotFound, DocumentStore
from notify_core.jobs.ports import RecipientFileNotFound, RecipientFiles
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import DocumentId, JobId, ServiceId
from notify_core.letters.model import Bucket
from notify_core.letters.ports import LetterPdfNotFound, LetterStore
from notify_core.letters.ports.printer import LetterPrinter
from notify_core.ports.clock import Clock
from notify_core.ports.virus_scanner import VirusScanner
from notify_core.registry.redact import reason_of

log = logging.getLogger(__name__)

# Seconds. Whoever asks whether we are ready asks often, and has a time-out of its own.
PATIENCE = 2.0
# Anybody may ask, and asking costs: for so many seconds an answer is good.
FRESH = 1.0

_NOBODY = UUID(int=0)


@runtime_checkable
class ChecksItself(Protocol):
    """An adapter that can tell more than its port: whether what is behind it answers."""

    def check_ready(self) -> None:
        """Ask for a sign of life.

        :raises NotifyError: there was none.
        """
        ...


def ask(port: str, part: Any) -> None:
    """Ask an adapter, or all that were chosen for a port, in the way that there is; where there is none, that it
    started is all there is to know.

    :raises NotifyError: it does not answer.
    """
    for one in part.values() if isinstance(part, Mapping) else (part,):
        if isinstance(one, ChecksItself):
            one.check_ready()
        elif port in _BY_PORT:
            _BY_PORT[port](one)


def _ask_letter_store(store: LetterStore) -> None:
    for bucket in Bucket:
        with suppress(LetterPdfNotFound):
            store.find(bucket, "")


def _ask_recipient_files(files: RecipientFiles) -> None:
    with suppress(RecipientFileNotFound):
        files.metadata(ServiceId(_NOBODY), JobId(_NOBODY))


def _ask_documents(store: DocumentStore) -> None:
    with suppress(DocumentNotFound):
        store.get(DocumentPlace(ServiceId(_NOBODY), DocumentId(_NOBODY)), key="")


def _ask_letter_printer(printer: LetterPrinter) -> None:
    printer.look("NOTIFY.CHECK.ZIP")


def _ask_virus_scanner(scanner: VirusScanner) -> None:
    scanner.scan(b"")


# By what the port has: what the start does not show is whether there is a store, and whether we may look into it.
_BY_PORT: Mapping[str, Callable[[Any], None]] = {
    "letter_store": _ask_letter_store,
    "letter_printer": _ask_letter_printer,
    "recipient_files": _ask_recipient_files,
    "documents": _ask_documents,
    "virus_scanner": _ask_virus_scanner,
}


class HasParts(Protocol):
    """The container, as far as it matters here."""

    @property
    def providers(self) -> Mapping[str, Callable[[], Any]]: ...

    def work(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Answer:
    part: str
    ready: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class _Asked:
    at: float
    answer: Future[float]


@dataclass(frozen=True)
class Readiness:
    """Asks the database and the parts named, all at once. A part that does not answer in time is not ready. It is not
    asked again before its last answer came and a second has passed, so that nobody can pile up questions."""

    container: HasParts
    ports: Sequence[str]
    clock: Clock
    patience: float = PATIENCE
    _pool: ThreadPoolExecutor = field(init=False, repr=False)
    _asked: dict[str, _Asked] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        pool = ThreadPoolExecutor(len(self.ports) + 1, thread_name_prefix="readiness")
        object.__setattr__(self, "_pool", pool)

    def __call__(self) -> Sequence[Answer]:
        asking = {name: self._ask(name, question) for name, question in self._questions()}
        wait(asking.values(), self.patience)
        return [self._answer(name, future) for name, future in asking.items()]

    def _questions(self) -> Iterable[tuple[str, Callable[[], object]]]:
        yield "database", self._ask_database
        for port in self.ports:
            yield port, lambda port=port: ask(port, self.container.providers[port]())  # type: ignore[misc]

    def _ask_database(self) -> None:
        # One row by its key: that it is not there is an answer.
        with self.container.work()(read_only=True) as work, suppress(NotFound):
            work.services.get(ServiceId(_NOBODY))

    def _ask(self, name: str, question: Callable[[], object]) -> Future[float]:
        now = self.clock.monotonic()
        before = self._asked.get(name)
        if before is None or (before.answer.done() and now - before.at > FRESH):
            self._asked[name] = _Asked(now, self._pool.submit(self._timed, question))
        return self._asked[name].answer

    def _timed(self, question: Callable[[], object]) -> float:
        began = self.clock.monotonic()
        question()
        return round((self.clock.monotonic() - began) * 1000, 1)

    def _answer(self, name: str, asked: Future[float]) -> Answer:
        if not asked.done():
            log.warning("%s does not answer within %.0f s", name, self.patience)
            return Answer(name, ready=False, milliseconds=self.patience * 1000)
        error = asked.exception()
        if error is None:
            return Answer(name, ready=True, milliseconds=asked.result())
        # Why is for the log: what an error says may name hosts and accounts.
        log.warning("%s is not ready: %s", name, reason_of(error))
        return Answer(name, ready=False, milliseconds=0.0)

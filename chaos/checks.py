"""Whether all is as it must be in the end: pure questions to what the platform, and those around it, remember."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chaos.duplicates import unexplained
from chaos.faults import ENDED, RESTARTED, Fault
from chaos.load import Accepted
from chaos.outside import MAIL, SUBSCRIBER, TEXTS, ZENDESK
from chaos.receipts import outcome_of
from chaos.records import Taken

# Statuses at which a message has come to its end, and the failures among them, which its service sees.
SUCCEEDED = {"text": "delivered", "email": "sent", "letter": "delivered"}
FAILED = frozenset({"permanent-failure", "temporary-failure", "technical-failure", "cancelled"})
# Seconds from the moment in which a process finds no database until its supervisor has noticed that it ended.
STARTING = 15.0
# Of what became of these a service is told.
_TOLD = "text"


@dataclass(frozen=True)
class Message:
    """What the database has of a text, an email or a letter. ``print_name`` is what a letter is called in its zip."""

    kind: str
    id: str
    reference: str | None
    status: str
    job: str | None = None
    row: int | None = None
    print_name: str | None = None


@dataclass(frozen=True)
class Row:
    """A row of the task ledger."""

    id: str
    task: str
    state: str
    reason: str | None
    about: str = ""


@dataclass(frozen=True)
class Seen:
    """``taken`` is what those outside took, in order; ``printed`` how often a letter was in a zip; ``received`` what
    the database has of received texts, supplier's name and our id; ``tickets``: whether each was raised."""

    accepted: Sequence[Accepted]
    messages: Sequence[Message]
    taken: Sequence[Taken]
    received: Sequence[tuple[str, str]]
    jobs: Mapping[str, str]
    printed: Mapping[str, int]
    tickets: Mapping[str, bool]
    rows: Sequence[Row]
    leased_jobs: Sequence[str]
    faults: Sequence[Fault]

    def of_kind(self, kind: str) -> Sequence[Message]:
        return [one for one in self.messages if one.kind == kind]

    def visibly_failed(self) -> Counter[str]:
        return Counter(f"{one.kind} {one.status}" for one in self.messages if one.status in FAILED)


def violations(seen: Seen) -> list[str]:
    """Everything that is not as it must be, in words."""
    return [
        *_nothing_is_lost(seen),
        *_nothing_is_recorded_twice(seen),
        *_everything_has_ended(seen),
        *_suppliers_agree(seen),
        *_jobs_are_complete(seen),
        *_letters_are_in_one_zip(seen),
        *_services_are_told(seen),
        *_received_texts_are_kept(seen),
        *_tickets_are_raised(seen),
        *_nothing_is_left(seen),
        *_nobody_gave_up(seen),
        *unexplained(seen.taken, seen.faults),
    ]


def _nothing_is_lost(seen: Seen) -> Iterator[str]:
    known = {one.id: one for one in seen.messages}
    for one in seen.accepted:
        if one.kind not in SUCCEEDED:
            continue
        message = known.get(one.id)
        if message is None:
            yield f"LOST: {one.key} was accepted as {one.id}, and nothing is known of it"
        elif (message.kind, message.reference) != (one.kind, one.key):
            yield f"{one.key} was accepted as {one.id}, which is {message.kind} {message.reference}"


def _nothing_is_recorded_twice(seen: Seen) -> Iterator[str]:
    keys = Counter((one.kind, one.reference) for one in seen.messages if one.job is None)
    for (kind, key), count in keys.items():
        if count > 1:
            yield f"{kind} {key} is recorded {count} times"
    accepted = {one.id for one in seen.accepted}
    for one in seen.messages:
        if one.job is None and one.id not in accepted:
            yield f"{one.kind} {one.reference} is recorded as {one.id}, which nobody was told"


def _everything_has_ended(seen: Seen) -> Iterator[str]:
    for one in seen.messages:
        if one.status != SUCCEEDED[one.kind] and one.status not in FAILED:
            yield f"{one.kind} {one.id} is still {one.status}"


def _suppliers_agree(seen: Seen) -> Iterator[str]:
    """What the platform says was delivered somebody took, and nobody took what the platform does not know."""
    for kind, players in (("text", TEXTS), ("email", (MAIL,))):
        took = {one.key for one in seen.taken if one.player in players}
        messages = {one.id: one for one in seen.of_kind(kind)}
        for key in took - messages.keys():
            yield f"a supplier took the {kind} {key}, which nobody knows"
        for id_, one in messages.items():
            if one.status == SUCCEEDED[kind] and id_ not in took:
                yield f"LOST: {kind} {id_} is {one.status}, and no supplier has it"
    for one in seen.of_kind("text"):
        said = outcome_of(one.id)
        if one.status in {SUCCEEDED["text"], *FAILED} and one.status != said:
            yield f"text {one.id} is {one.status}, and its supplier said {said}"


def _jobs_are_complete(seen: Seen) -> Iterator[str]:
    rows: dict[str, Counter[int | None]] = defaultdict(Counter)
    for one in seen.messages:
        if one.job is not None:
            rows[one.job][one.row] += 1
    for job in [one for one in seen.accepted if one.kind == "job"]:
        if (status := seen.jobs.get(job.id)) != "finished":
            yield f"LOST: the job {job.key} is {status}"
        for row in range(job.rows):
            if (count := rows[job.id][row]) != 1:
                yield f"{'' if count else 'LOST: '}row {row} of {job.key} is recorded {count} times"
    for job_id in rows.keys() - {one.id for one in seen.accepted}:
        yield f"the job {job_id} is recorded, which nobody was told"


def _letters_are_in_one_zip(seen: Seen) -> Iterator[str]:
    letters = {one.print_name: one for one in seen.of_kind("letter")}
    for name, one in letters.items():
        count = seen.printed.get(str(name), 0)
        if count > 1:
            yield f"letter {one.id} is in {count} zips"
        elif not count and one.status == SUCCEEDED["letter"]:
            yield f"LOST: letter {one.id} is {one.status}, and in no zip"
    for name in seen.printed.keys() - letters.keys():
        yield f"a zip has the letter {name}, which nobody knows"


def _services_are_told(seen: Seen) -> Iterator[str]:
    told = {(one.about, one.status) for one in seen.taken if one.player == SUBSCRIBER}
    failed = {row.about for row in seen.rows if _is_failed_news(row)}
    ended = [(one.id, one.status) for one in seen.of_kind(_TOLD) if one.status in {SUCCEEDED[_TOLD], *FAILED}]
    for about, status in [*ended, *((id_, "") for _, id_ in seen.received)]:
        if (about, status) not in told and about not in failed:
            yield f"LOST: the service was not told of {about}{f', which is {status}' if status else ''}"
    known = {one.id for one in seen.messages} | {id_ for _, id_ in seen.received}
    for about in {about for about, _ in told} - known:
        yield f"the service was told of {about}, which nobody knows"


def _received_texts_are_kept(seen: Seen) -> Iterator[str]:
    kept = Counter(reference for reference, _ in seen.received)
    for one in [one for one in seen.accepted if one.kind == "received text"]:
        if (count := kept[one.id]) != 1:
            yield f"{'' if count else 'LOST: '}the received text {one.id} is kept {count} times"


def _tickets_are_raised(seen: Seen) -> Iterator[str]:
    known = {one.key for one in seen.taken if one.player == ZENDESK}
    for ticket, raised in seen.tickets.items():
        if not raised or ticket not in known:
            yield f"LOST: the ticket {ticket} is in Zendesk: {ticket in known}, recorded as raised: {raised}"
    for ticket in known - seen.tickets.keys():
        yield f"Zendesk has the ticket {ticket}, which nobody knows"


def _nothing_is_left(seen: Seen) -> Iterator[str]:
    for row in seen.rows:
        if not _is_failed_news(row):
            yield f"left in the ledger: {row.task} {row.id}, {row.state}: {row.reason}"
    for job in seen.leased_jobs:
        yield f"the job {job} is still leased"


def _nobody_gave_up(seen: Seen) -> Iterator[str]:
    """A process may end only where it finds no database when it starts."""
    away = [fault for fault in seen.faults if (fault.kind, fault.target) == (RESTARTED, "postgresql")]
    for end in [fault for fault in seen.faults if fault.kind == ENDED]:
        if not any(fault.began < end.began < fault.ended + STARTING for fault in away):
            yield f"{end.target} ended by itself, and PostgreSQL was there"


def _is_failed_news(row: Row) -> bool:
    """What could not be brought to a service is kept, and shown with its reason."""
    return row.state == "failed" and bool(row.about) and bool(row.reason)

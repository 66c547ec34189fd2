"""People, programs and the clock that change one broadcast message at the same moment.

Each race is run on both databases from a common start, and on PostgreSQL again so that everybody has read before
anybody writes.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial, wraps
from threading import Barrier, BrokenBarrierError, get_ident
from typing import Any

import pytest
from sqlalchemy import event

from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.accounts.model import Permission
from notify_core.alarms.use_cases import RaiseTicket
from notify_core.broadcasts.policies.revisions import Proposal
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.broadcasts.states import MessageStatus, RevisionStatus
from notify_core.broadcasts.tasks import CompleteExpiredBroadcasts, SendBroadcastEvent
from notify_core.broadcasts.use_cases.change_status import ChangeBroadcastStatus, StatusChange
from notify_core.broadcasts.use_cases.complete_expired import CompleteExpired
from notify_core.broadcasts.use_cases.revise import (
    DecideRevision,
    ProposeRevision,
    RevisionDecision,
    RevisionProposed,
)
from notify_core.broadcasts.use_cases.submit_cap import CapPosted, SubmitCap
from notify_core.kernel.errors import Conflict, NotAllowed
from notify_core.ports.task_ledger import LEASE, RelayLimits
from notify_core.registry.reactions import react
from notify_core.testing.builders import (
    NOON,
    a_broadcast_message,
    a_service,
    a_user,
    an_api_key,
    an_id,
    broadcast_settings,
    claim_row,
)
from notify_core.testing.contracts.racing import race
from notify_core.testing.contracts.storage import enqueue
from notify_core.testing.fakes.cap_reader import MemoryCapReader
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.networks import MemoryNetworks
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.secrets import MemorySecrets
from notify_core.testing.fakes.smoother import MemorySmoother

S, R = MessageStatus, RevisionStatus
REFUSED = (NotAllowed, Conflict)
ROUNDS = 5
SENT = "2026-01-05T12:00:00-00:00"


@dataclass
class Platform:
    """A service with people on a real database."""

    under_test: Any

    def __post_init__(self):
        self.storage = SqlStorage(self.under_test.engine, MemorySecrets(), react)
        self.clock, self.random = FakeClock(NOON), SeededRandom()
        self.service = a_service(permissions=frozenset({Permission.BROADCAST}))
        self.key = an_api_key(service_id=self.service.id)
        self.author, *self.approvers = people = [a_user() for _ in range(5)]
        with self.storage() as work:
            work.services.put(self.service)
            work.settings.put_broadcast(broadcast_settings(service_id=self.service.id))
            work.api_keys.put(self.key)
            for person in people:
                work.users.put(person)
                work.users.add_to_service(person.id, self.service.id)
            work.commit()
        rules, ticket = BroadcastRules(live=True), RaiseTicket(self.clock, self.random)
        parts = (self.storage, self.clock, self.random)
        self.change = ChangeBroadcastStatus(*parts, MemoryNetworks(), rules, ticket)
        self.propose = ProposeRevision(*parts, MemorySmoother())
        self.decide = DecideRevision(*parts, rules, ticket)
        self.submit = SubmitCap(*parts, MemoryCapReader(), MemorySmoother(), rules, ticket)

    # What people do

    def pending(self):
        message = a_broadcast_message(
            service_id=self.service.id,
            status=S.PENDING_APPROVAL,
            created_by_id=self.author.id,
            finishes_at=None,
        )
        with self.storage() as work:
            work.broadcast_messages.add(message)
            work.commit()
        return message

    def live(self):
        return self.move(self.pending(), S.BROADCASTING)

    def move(self, message, status, by=0):
        return self.change(StatusChange(self.service.id, message.id, status, self.approvers[by].id))

    def proposed(self, message, by=None, **changes):
        proposal = Proposal(**(changes or {"content": "Stay upstairs."}))
        return self.propose(RevisionProposed(self.service.id, message.id, (by or self.author).id, proposal))

    def decided(self, revision, status, by=0):
        decider = self.approvers[by].id
        return self.decide(
            RevisionDecision(self.service.id, revision.broadcast_message_id, revision.id, status, decider)
        )

    def post(self, kind, identifier, *, named=None):
        refers = f"<references>ea.example,{named},{SENT}</references>" if named else ""
        document = (
            '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
            f"<identifier>{identifier}</identifier><sender>ea.example</sender><sent>{SENT}</sent>"
            f"<status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>{refers}<info>"
            "<category>Met</category><event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity>"
            "<certainty>Likely</certainty><description>Stay upstairs.</description><area><areaDesc>Coast</areaDesc>"
            "<polygon>53,0 53.1,0 53.1,0.1 53,0</polygon></area></info></alert>"
        )
        return self.submit(CapPosted(self.service.id, self.key.id, document.encode()))

    def complete(self):
        enqueue(self.under_test, CompleteExpiredBroadcasts())
        ledger = self.under_test.ledger
        publications = ledger.publish_due(RelayLimits(), "relay")
        row = next(one.entry_id for one in publications if one.task == CompleteExpiredBroadcasts.name)
        claim = claim_row(ledger, row, "worker", LEASE)
        CompleteExpired(self.storage, self.clock)(CompleteExpiredBroadcasts(), claim)

    # What there is

    def message(self, message):
        with self.storage(read_only=True) as work:
            return work.broadcast_messages.get(message.id)

    def events(self, message):
        with self.storage(read_only=True) as work:
            return [event.type.value for event in work.broadcast_events.of_message(message.id)]

    def revisions(self, message):
        with self.storage(read_only=True) as work:
            return [one.status for one in work.broadcast_revisions.of_message(message.id)]

    def sends(self):
        """How many events are queued."""
        return len([row for row in self.under_test.ledger.entries() if row.task == SendBroadcastEvent.name])

    def tickets(self):
        with self.storage(read_only=True) as work:
            return len(work.tickets.newest())


@pytest.fixture(params=["sqlite", "postgresql", "postgresql, all have read"])
def platform(request):
    database, _, together = request.param.partition(", ")
    platform = Platform(request.getfixturevalue(f"{database}_storage"))
    platform.at_once = read_together(platform) if together else partial(race, runners=2)
    return platform


def read_together(platform) -> Callable[..., list[Any]]:
    """A race in which nobody writes before both have come so far, or one was refused."""
    engine = platform.under_test.engine

    def run(action):
        ready, came = Barrier(2), set()

        def wait(_connection, _cursor, sql, *_rest):
            if sql.startswith(("INSERT", "UPDATE")) and get_ident() not in came:
                came.add(get_ident())
                with suppress(BrokenBarrierError):
                    ready.wait(timeout=3)

        event.listen(engine, "before_cursor_execute", wait)
        try:
            return race(action, 2)
        finally:
            event.remove(engine, "before_cursor_execute", wait)

    return run


def repeatedly(test):
    @wraps(test)
    def run(platform, **given):
        for _ in range(ROUNDS):
            test(platform, **given)

    return run


def tried(*acts):
    """For a race: the nth of the acts, or None where it is refused."""

    def act(number):
        try:
            return acts[number]()
        except REFUSED:
            return None

    return act


@repeatedly
def test_two_who_approve_a_message_at_once(platform):
    message = platform.pending()
    sends, tickets = platform.sends(), platform.tickets()

    done = platform.at_once(tried(*(lambda by=by: platform.move(message, S.BROADCASTING, by) for by in range(2))))

    (approved,) = (one for one in done if one is not None)
    assert platform.message(message) == approved
    assert platform.events(message) == ["alert"]
    assert (platform.sends(), platform.tickets()) == (sends + 1, tickets + 1)


@repeatedly
def test_two_who_approve_a_revision_at_once(platform):
    message = platform.live()
    revision = platform.proposed(message)
    sends = platform.sends()

    done = platform.at_once(tried(*(lambda by=by: platform.decided(revision, R.APPROVED, by) for by in range(2))))

    assert len([one for one in done if one is not None]) == 1
    assert platform.revisions(message) == [R.APPROVED]
    assert platform.events(message) == ["alert", "update"]
    assert platform.sends() == sends + 1


@repeatedly
def test_one_approves_a_revision_and_one_rejects_it(platform):
    message = platform.live()
    revision = platform.proposed(message)

    done = platform.at_once(
        tried(lambda: platform.decided(revision, R.APPROVED, 0), lambda: platform.decided(revision, R.REJECTED, 1))
    )

    (decided,) = (one for one in done if one is not None)
    approved = decided.status is R.APPROVED
    assert platform.revisions(message) == [decided.status]
    assert platform.events(message) == ["alert", *["update"] * approved]
    assert (platform.message(message).content == "Stay upstairs.") == approved


@repeatedly
def test_two_who_propose_at_once(platform):
    message = platform.live()

    done = platform.at_once(tried(*(lambda by=by: platform.proposed(message, by) for by in platform.approvers[:2])))

    assert len([one for one in done if one is not None]) == 1
    assert platform.revisions(message) == [R.PENDING_APPROVAL]


@repeatedly
def test_an_approval_against_a_cancellation(platform):
    """Whoever is first: a cancellation comes last, and nothing is left that waits."""
    message = platform.live()
    revision = platform.proposed(message)

    approved, cancelled = platform.at_once(
        tried(lambda: platform.decided(revision, R.APPROVED, 0), lambda: platform.move(message, S.CANCELLED, 1))
    )

    assert approved or cancelled
    if cancelled is None:
        platform.move(message, S.CANCELLED, 1)
    assert platform.message(message).status is S.CANCELLED
    assert platform.revisions(message) == [R.APPROVED if approved else R.LAPSED]
    assert platform.events(message) == ["alert", *["update"] * bool(approved), "cancel"]


@repeatedly
def test_a_rejection_of_a_revision_stops_no_cancellation(platform):
    message = platform.live()
    revision = platform.proposed(message)

    rejected, cancelled = platform.at_once(
        tried(lambda: platform.decided(revision, R.REJECTED, 0), lambda: platform.move(message, S.CANCELLED, 1))
    )

    assert cancelled == platform.message(message)
    assert platform.revisions(message) == [R.REJECTED if rejected else R.LAPSED]
    assert platform.events(message) == ["alert", "cancel"]


@repeatedly
def test_a_proposal_against_a_cancellation(platform):
    message = platform.live()

    proposed, cancelled = platform.at_once(
        tried(lambda: platform.proposed(message), lambda: platform.move(message, S.CANCELLED))
    )

    assert proposed or cancelled
    if cancelled is None:
        platform.move(message, S.CANCELLED)
    assert platform.revisions(message) == [R.LAPSED] * bool(proposed)


@repeatedly
def test_an_approval_against_the_completion(platform):
    """The revision gives the alert a later end at the very moment that it ends."""
    message = platform.live()
    revision = platform.proposed(message, finishes_at=message.finishes_at + timedelta(hours=1))
    platform.clock.advance(timedelta(hours=4))

    approved, _ = platform.at_once(tried(lambda: platform.decided(revision, R.APPROVED), platform.complete))

    stored = platform.message(message)
    assert stored.status is (S.BROADCASTING if approved else S.COMPLETED)
    assert platform.events(message) == ["alert", *["update"] * bool(approved)]
    assert platform.revisions(message) == [R.APPROVED if approved else R.LAPSED]
    # What has been given a later end is completed then.
    platform.clock.advance(timedelta(hours=1))
    platform.complete()
    assert platform.message(message).status is S.COMPLETED


@repeatedly
def test_a_cancellation_against_the_completion(platform):
    message = platform.live()
    platform.proposed(message)
    platform.clock.advance(timedelta(hours=4))

    cancelled, _ = platform.at_once(tried(lambda: platform.move(message, S.CANCELLED), platform.complete))

    assert platform.message(message).status is (S.CANCELLED if cancelled else S.COMPLETED)
    assert platform.revisions(message) == [R.LAPSED]
    assert platform.events(message) == ["alert", *["cancel"] * bool(cancelled)]


@pytest.mark.parametrize("kind", ["Cancel", "Update"])
@repeatedly
def test_the_same_document_posted_twice_at_once_is_one_answer(platform, kind):
    name = f"flood-{an_id()}"
    message = platform.post("Alert", name)
    platform.move(message, S.BROADCASTING)

    first, second = platform.at_once(lambda _: platform.post(kind, f"after-{name}", named=name))

    assert first == second == platform.message(message)
    assert platform.events(message) == ["alert", *["cancel"] * (kind == "Cancel")]
    assert platform.revisions(message) == [R.PENDING_APPROVAL] * (kind == "Update")


@repeatedly
def test_an_alert_posted_twice_at_once_is_one_message(platform):
    name = f"flood-{an_id()}"
    first, second = platform.at_once(lambda _: platform.post("Alert", name))

    assert first == second == platform.message(first)
    with platform.storage(read_only=True) as work:
        messages = work.broadcast_messages.page(platform.service.id)
    assert [one.reference for one in messages].count(name) == 1

"""What an operator reads of who did what: all of it stands beside the message."""

import json

import pytest

from notify_core.accounts.model import AuditEntry
from notify_core.broadcasts.model import Assumption
from notify_core.broadcasts.states import MessageStatus, RevisionStatus
from notify_core.broadcasts.tasks import SendBroadcastProviderMessage
from notify_core.broadcasts.use_cases.audited import ListActs, act_view
from notify_core.housekeeping.use_cases import RowAct, TendFailedRow
from notify_core.kernel.errors import NotFound
from notify_core.testing.builders import NOON, a_broadcast_message, an_id
from tests.unit.core.broadcasts.world import World


@pytest.fixture
def world():
    return World()


@pytest.fixture
def acts(world):
    """What was done to a message: by whom, with the name, and what."""

    def acts(message):
        return [(act.entry.who, act.name, act.entry.what) for act in ListActs(world.storage)(message.id)]

    return acts


def test_who_wrote_handed_in_approved_and_cancelled(world, acts):
    message = world.cancelled(world.live())

    author, approver = ((str(user.id), user.name) for user in (world.author, world.approver))
    assert acts(message) == [
        (*author, "broadcast message created"),
        (*author, "broadcast message moved from draft to pending-approval"),
        (*approver, "broadcast message moved from pending-approval to broadcasting"),
        (*approver, "broadcast message moved from broadcasting to cancelled"),
    ]


def test_who_proposed_and_who_decided_a_revision(world, acts):
    message = world.live()
    revision = world.proposed(message)
    world.decided(revision)

    assert acts(message)[-2:] == [
        (str(world.author.id), world.author.name, f"broadcast revision {revision.id} proposed"),
        (str(world.approver.id), world.approver.name, f"broadcast revision {revision.id} {RevisionStatus.APPROVED}"),
    ]


def test_what_an_operator_assumed_and_replayed(world, acts):
    message = world.live()
    world.networks.fail("o2")
    world.deliver()
    world.cancelled(message)
    world.deliver()
    alert, cancel = world.events(message)

    world.replay(cancel.id, "o2", assume=Assumption.SENT)

    assert acts(message)[-2:] == [
        ("operator", None, f"alert {alert.id} at o2 taken for sent"),
        ("operator", None, f"cancel {cancel.id} replayed to o2"),
    ]


def test_what_was_done_to_its_failed_tasks(world, acts):
    message = world.live()
    world.put_service(active=False)
    world.deliver()
    row = next(row for row in world.rows(SendBroadcastProviderMessage) if row.limit == "network:ee")

    TendFailedRow(world.storage, world.clock, world.ledger)(row.id, RowAct.PURGED)

    assert acts(message)[-1] == ("operator", None, f"task {row.task} for ee ({row.id}) purged")


def test_an_api_key_has_its_name_and_a_stranger_none(world, acts):
    message, stranger = a_broadcast_message(status=MessageStatus.PENDING_APPROVAL), str(an_id())
    world.add(message)
    with world.storage() as work:
        for who in (str(world.key.id), stranger):
            work.audit.add(AuditEntry(NOON, who, "broadcast message created by CAP", str(message.id), "http"))
        work.commit()

    assert [(who, name) for who, name, _ in acts(message)] == [(str(world.key.id), world.key.name), (stranger, None)]


def test_nothing_of_other_messages(world, acts):
    message, other = world.draft(), world.draft()

    assert len(acts(message)) == len(acts(other)) == 1


def test_a_message_that_nobody_knows(world):
    with pytest.raises(NotFound):
        ListActs(world.storage)(an_id())


def test_as_json(world):
    (act,) = ListActs(world.storage)(world.draft().id)

    view = act_view(act)

    assert view == json.loads(json.dumps(view))
    assert view == {
        "at": "2026-01-05T12:00:00.000000Z",
        "who": str(world.author.id),
        "name": world.author.name,
        "what": "broadcast message created",
        "where": "http",
    }

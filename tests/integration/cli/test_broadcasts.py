"""``notify broadcasts list | show | replay``: the database is filled by this process, the commands are others."""

import re
from uuid import UUID

import pytest

from notify_adapters.cbc.fake_store import Behaviour, Kind
from notify_core.accounts.model import Permission
from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.use_cases.change_status import StatusChange
from notify_core.broadcasts.use_cases.create_message import NewBroadcastMessage
from notify_core.testing.builders import SKEGNESS, a_service, a_user, broadcast_settings
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import load_settings

SECONDS_AGO = "update task_ledger set due_us = 0 where state = 'due'"


class Agency:
    """A service that broadcasts, its people, and workers who do what is due when they are told to."""

    def __init__(self, container):
        self.container = container
        self.service = a_service(permissions=frozenset({Permission.BROADCAST}))
        self.author, self.approver = a_user(), a_user()
        self.put_service()
        with container.work()() as work:
            work.settings.put_broadcast(broadcast_settings(service_id=self.service.id))
            for user in (self.author, self.approver):
                work.users.put(user)
                work.users.add_to_service(user.id, self.service.id)
            work.commit()

    def put_service(self, **changes):
        with self.container.work()() as work:
            work.services.put(a_service(id=self.service.id, permissions=self.service.permissions, **changes))
            work.commit()

    def write(self):
        return self.container.create_broadcast_message()(
            NewBroadcastMessage(
                self.service.id,
                self.author.id,
                content="Severe flooding. Leave now.",
                reference="flood-1",
                areas=("Skegness",),
                simple_polygons=(SKEGNESS,),
            )
        )

    def live(self):
        message = self.write()
        self.move(message, MessageStatus.PENDING_APPROVAL, self.author)
        return self.move(message, MessageStatus.BROADCASTING, self.approver)

    def cancelled(self, message):
        return self.move(message, MessageStatus.CANCELLED, self.approver)

    def move(self, message, status, user):
        return self.container.change_broadcast_status()(StatusChange(self.service.id, message.id, status, user.id))

    def drain(self):
        relay, queue, execute = self.container.relay(), self.container.task_queue(), self.container.execute()
        while relay():
            for publication in queue.drain():
                execute(publication.entry_id, "test", task=publication.task, queue=publication.queue)

    def execute_sql(self, statement):
        with self.container.engine().begin() as connection:
            connection.exec_driver_sql(statement)

    def event(self, message, number=1):
        with self.container.work()(read_only=True) as work:
            return work.broadcast_events.of_message(message.id)[number - 1]

    def audited(self, message):
        with self.container.work()(read_only=True) as work:
            return [(entry.who, entry.what, entry.where) for entry in work.audit.about(str(message.id))]


@pytest.fixture
def agency(migrated):
    container = Container(settings=load_settings(migrated.environ))
    yield Agency(container)
    container.cbc().store.close()
    container.engine().dispose()


@pytest.fixture
def dead(agency):
    """A network that fails on both routes."""
    agency.container.cbc().script("o2", None, Behaviour(Kind.FUNCTION_ERROR))
    return "o2"


class TestList:
    def test_nothing(self, migrated):
        assert migrated.document("broadcasts", "list") == []
        assert migrated.done("broadcasts", "list") == "There are no such broadcasts.\n"

    def test_what_needs_somebody(self, migrated, agency):
        draft, message = agency.write(), agency.live()
        agency.put_service(active=False)
        agency.drain()

        by_id = {UUID(each["id"]): each for each in migrated.document("broadcasts", "list")}

        assert set(by_id) == {draft.id, message.id}
        listed = by_id[message.id]
        assert {"status", "content", "simple_polygons", "stubbed", "approved_at"} <= set(listed)
        assert (listed["acknowledged"], listed["targets"], listed["blocked"]) == (0, 4, 4)
        (only,) = migrated.document("broadcasts", "list", "--status", "draft")
        assert UUID(only["id"]) == draft.id

        said = migrated.done("broadcasts", "list")
        assert f"    notify broadcasts show {message.id}\n" in said
        assert f"notify broadcasts show {draft.id}" not in said
        assert "0 of 4" in said

    def test_page_by_page(self, migrated, agency):
        first, second = agency.write(), agency.write()

        said = migrated.done("broadcasts", "list", "--limit", "1")
        assert f"There may be more: --older-than {second.id}\n" in said
        (older,) = migrated.document("broadcasts", "list", "--older-than", second.id, "--service", agency.service.id)
        assert UUID(older["id"]) == first.id


class TestShow:
    def test_a_draft(self, migrated, agency):
        said = migrated.done("broadcasts", "show", agency.write().id)

        assert said.startswith("draft: Severe flooding. Leave now.\nareas Skegness; until not decided (UTC)\n")
        assert "What to do" not in said

    def test_the_areas_where_they_are_asked_for(self, migrated, agency):
        message = agency.write()

        assert " km\n" not in migrated.done("broadcasts", "show", message.id)
        assert " km\n" in migrated.done("broadcasts", "show", message.id, "--map")

    def test_what_has_arrived(self, migrated, agency):
        message = agency.live()
        agency.drain()

        shown = migrated.document("broadcasts", "show", message.id)
        assert set(shown) == {"message", "revisions", "events", "audit"}
        (event,) = shown["events"]
        assert event["blocked_by"] == []
        said = migrated.done("broadcasts", "show", message.id)
        assert said.endswith("\nNothing to do: every network has it.\n")
        for copy in event["provider_messages"]:
            assert f"{copy['provider']} " in said
            assert copy["id"] in said, "what a network is asked about on the telephone"

    def test_a_network_that_does_not_answer(self, migrated, agency, dead):
        message = agency.live()
        agency.drain()

        said = migrated.done("broadcasts", "show", message.id)

        assert "; tried " in said
        assert "route 2 failed" in said
        conclusion = said.partition("\nNothing to do: ")[2]
        assert "did not take it yet and will be asked again and again, without you." in conclusion
        assert "notify broadcasts links" in conclusion

    def test_what_waits_for_what_with_the_commands(self, migrated, agency, dead):
        message = agency.live()
        agency.drain()
        agency.cancelled(message)
        agency.drain()
        alert, cancel = agency.event(message), agency.event(message, 2)

        _, shown = migrated.document("broadcasts", "show", message.id)["events"]
        (block,) = shown["blocked_by"]
        assert set(block) == {"provider", "broadcast_event_id", "message_type", "status", "reason", "mend"}
        assert (block["provider"], block["broadcast_event_id"]) == ("o2", str(alert.id))
        said = migrated.done("broadcasts", "show", message.id)
        assert f"- cancel at o2: the earlier alert {alert.id} is sending\n" in said
        assert f"    notify broadcasts replay {cancel.id} o2\n" in said

    def test_what_is_the_same_everywhere_is_said_once(self, migrated, agency):
        message = agency.live()
        agency.put_service(active=False)
        agency.drain()
        event = agency.event(message)

        said = migrated.done("broadcasts", "show", message.id)

        assert said.count("active = true") == 1
        assert "- alert at ee, o2, three, vodafone: the service is suspended\n" in said
        for provider in event.providers:
            assert f"    notify broadcasts replay {event.id} {provider}\n" in said

    def test_who_did_what(self, migrated, agency, dead):
        message = agency.live()
        agency.drain()
        agency.cancelled(message)
        agency.drain()
        alert, cancel = agency.event(message), agency.event(message, 2)
        migrated.done("broadcasts", "replay", cancel.id, "o2", "--assume", "sent")

        audit = migrated.document("broadcasts", "show", message.id)["audit"]
        assert [(one["name"], one["what"]) for one in audit] == [
            (agency.author.name, "broadcast message created"),
            (agency.author.name, "broadcast message moved from draft to pending-approval"),
            (agency.approver.name, "broadcast message moved from pending-approval to broadcasting"),
            (agency.approver.name, "broadcast message moved from broadcasting to cancelled"),
            (None, f"alert {alert.id} at o2 taken for sent"),
            (None, f"cancel {cancel.id} replayed to o2"),
        ]
        assert (audit[2]["who"], audit[4]["who"]) == (str(agency.approver.id), "operator")
        assert {one["where"] for one in audit[4:]} == {"cli"}

        said = migrated.done("broadcasts", "show", message.id)
        told = said.partition("\nWho did what:\n")[2].partition("\n\n")[0].splitlines()
        assert told[0].split() == ["when", "who", "did", "from", "id"]
        assert len(told) == 1 + len(audit)
        for line, one in zip(told[1:], audit, strict=True):
            assert one["what"] in line
            assert one["name"] is None or one["name"] in line
            assert one["who"] in line

    def test_a_long_history_is_cut(self, migrated, agency, dead):
        message = agency.live()
        agency.drain()
        agency.execute_sql(SECONDS_AGO)
        agency.drain()

        said = migrated.done("broadcasts", "show", message.id)

        assert re.search(r"^o2 attempts: \d+ earlier ones \(--json\); ", said, re.MULTILINE)


class TestReplay:
    def test_the_command_that_show_gives_mends_it(self, migrated, agency):
        message = agency.live()
        agency.put_service(active=False)
        agency.drain()
        event = agency.event(message)
        line = migrated.refused("broadcasts", "replay", event.id, "ee")
        assert "It is blocked: the service is suspended." in line
        agency.put_service(active=True)

        said = migrated.done("broadcasts", "replay", event.id, "ee")
        agency.drain()

        assert said == (
            f"The alert {event.id} is due at ee. What becomes of it:\n    notify broadcasts show {message.id}\n"
        )
        (shown,) = migrated.document("broadcasts", "show", message.id)["events"]
        assert [one["provider"] for one in shown["provider_messages"]] == ["ee"]
        assert agency.audited(message)[-1] == ("operator", f"alert {event.id} replayed to ee", "cli")
        assert "It is acknowledged" in migrated.refused("broadcasts", "replay", event.id, "ee")

    @pytest.mark.parametrize("as_json", [True, False])
    def test_with_what_an_operator_takes_for_true(self, migrated, agency, dead, as_json):
        message = agency.live()
        agency.drain()
        agency.cancelled(message)
        agency.drain()
        alert, cancel = agency.event(message), agency.event(message, 2)
        command = ("broadcasts", "replay", cancel.id, "o2", "--assume", "not-sent")

        if as_json:
            assert migrated.document(*command) == {
                "broadcast_event_id": str(cancel.id),
                "message_type": "cancel",
                "provider": "o2",
                "assumed": [{"broadcast_event_id": str(alert.id), "message_type": "alert", "assumed": "not-sent"}],
            }
        else:
            said = migrated.done(*command)
            assert f"The alert {alert.id} at o2 is taken for not-sent from now on.\n" in said
        agency.drain()

        first, _ = migrated.document("broadcasts", "show", message.id)["events"]
        (copy,) = [one for one in first["provider_messages"] if one["provider"] == "o2"]
        assert (copy["status"], copy["assumed"]) == ("returned-error", "not-sent")
        assert ("operator", f"alert {alert.id} at o2 taken for not-sent", "cli") in agency.audited(message)

    def test_what_there_is_not(self, migrated, agency):
        message = agency.live()
        event = agency.event(message)

        assert migrated.refused("broadcasts", "replay", UUID(int=7), "ee") == f"no broadcast event {UUID(int=7)}"
        assert "giffgaff" in migrated.refused("broadcasts", "replay", event.id, "giffgaff")
        ran = migrated.notify("broadcasts", "replay", event.id, "ee", "--assume", "perhaps")
        assert ran.returncode == 2
        assert "'perhaps' is not one of 'sent', 'not-sent'" in ran.stderr

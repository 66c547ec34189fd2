import base64
import json

import pytest

from notify_adapters.options import BadOption
from notify_adapters.tickets.zendesk import build
from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.ports.tickets import TicketPriority
from notify_core.testing.contracts.tickets import FIRST, SECOND, TicketsContract


class Zendesk:
    """Remembers idempotency keys, as the real one does."""

    def __init__(self, server):
        self.server = server
        self.taken = {}
        self.answer_once = None
        server.respond = self._respond

    def _respond(self, path, headers, body):
        if self.answer_once:
            status, self.answer_once = self.answer_once, None
            return status, {}, b'{"error": "no"}'
        self.taken.setdefault(headers["idempotency-key"], json.loads(body)["ticket"])
        return 201, {}, b'{"ticket": {"id": 1}}'


class TestZendesk(TicketsContract):
    @pytest.fixture(autouse=True)
    def zendesk(self, loopback):
        self.system = Zendesk(loopback)

    @pytest.fixture
    def options(self, loopback):
        return {"url": loopback.url, "email": "notify@example.com", "api_key": "word"}

    @pytest.fixture
    def tickets(self, options):
        return build(options)

    def created(self, tickets):
        priorities = {"urgent": TicketPriority.P1, "normal": TicketPriority.NORMAL}
        return [
            (ticket["subject"], ticket["comment"]["body"], priorities[ticket["priority"]])
            for ticket in self.system.taken.values()
        ]

    def make_it_fail(self, tickets):
        self.system.answer_once = 503

    def make_it_refuse(self, tickets):
        self.system.answer_once = 422

    def test_what_goes_over_the_wire(self, options, loopback):
        build({**options, "group_id": "360000036529", "organisation_id": "21891972"}).create(SECOND)
        ((path, headers, body),) = loopback.arrived
        assert path == "/api/v2/tickets.json"
        assert headers["authorization"] == f"Basic {base64.b64encode(b'notify@example.com/token:word').decode()}"
        assert headers["idempotency-key"] == str(SECOND.id)
        assert json.loads(body) == {
            "ticket": {
                "subject": "A broadcast failed",
                "comment": {"body": "Look at once"},
                "type": "incident",
                "priority": "urgent",
                "tags": ["govuk_notify_emergency"],
                "group_id": 360000036529,
                "organization_id": 21891972,
            }
        }

    def test_what_is_not_urgent(self, tickets):
        tickets.create(FIRST)
        (ticket,) = self.system.taken.values()
        assert (ticket["priority"], ticket["tags"]) == ("normal", ["govuk_notify_support"])
        assert "group_id" not in ticket

    def test_a_slow_system_is_not_waited_for(self, options, loopback):
        loopback.latency = 1
        with pytest.raises(TransientError):
            build({**options, "timeout": "0.1"}).create(FIRST)

    def test_one_where_nobody_listens_may_be_there_later(self, options):
        with pytest.raises(TransientError):
            build({**options, "url": "http://127.0.0.1:1"}).create(FIRST)

    @pytest.mark.parametrize(("status", "error"), [(500, TransientError), (429, TransientError), (401, PermanentError)])
    def test_what_it_answers_says_whether_to_come_again(self, tickets, status, error):
        self.system.answer_once = status
        with pytest.raises(error):
            tickets.create(FIRST)
        assert self.system.taken == {}

    def test_asked_again_after_an_answer_that_was_lost_there_is_one_ticket(self, options, loopback):
        loopback.latency = 1
        with pytest.raises(TransientError):
            build({**options, "timeout": "0.1"}).create(SECOND)
        loopback.latency = 0
        build(options).create(SECOND)
        assert {headers["idempotency-key"] for _, headers, _ in loopback.arrived} == {str(SECOND.id)}
        assert len(self.system.taken) == 1

    def test_the_key_is_not_shown(self, tickets):
        assert "word" not in repr(tickets)

    @pytest.mark.parametrize("wrong", [{"url": ""}, {"group_id": "mine"}, {"timeout": "0"}, {"colour": "red"}])
    def test_what_cannot_be_built(self, options, wrong):
        with pytest.raises(BadOption):
            build({**options, **wrong})

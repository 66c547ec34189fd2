"""What people do: those of the team, a stranger, and whoever runs the platform."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.states import EDITABLE
from notify_core.broadcasts.states import MessageStatus as S
from notify_core.broadcasts.states import RevisionStatus as R
from notify_core.broadcasts.use_cases.create_message import NewBroadcastMessage
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import SKEGNESS, a_template
from tests.unit.core.broadcasts.lives.stage import MOST_MESSAGES, NETWORKS, Stage

MEMBERS = ("author", "approver")
PEOPLE = st.sampled_from([*MEMBERS, "stranger", "admin"])
INLAND = tuple((latitude, longitude - 1) for latitude, longitude in SKEGNESS)
# Also shorter and longer than an alert may last, and what it may on some channels only.
ENDS = st.sampled_from(
    [None, timedelta(minutes=3), timedelta(minutes=6), timedelta(hours=3), timedelta(hours=22), timedelta(hours=23)]
)
# Many are plain, so that many of the machine's messages get somewhere.
SERVICES = st.sampled_from(
    [{}, {}, {}, {"active": False}, {"restricted": True}, {"channel": BroadcastChannel.TEST}, {"provider": "vodafone"}]
)


class People(Stage):
    def __init__(self, world):
        super().__init__(world)
        self.template = a_template(
            service_id=world.service.id, type=TemplateType.BROADCAST, content="The river ((river)) rises."
        )
        with world.storage() as work:
            work.templates.put(self.template)
            work.commit()

    def person(self, name):
        return getattr(self.world, name)

    def later(self, by):
        return None if by is None else self.world.clock.now() + by

    # Writing

    @precondition(lambda self: len(self.messages) < MOST_MESSAGES)
    @rule(who=PEOPLE, ends=ENDS, areas=st.booleans(), river=st.sampled_from(["Don", "", None]))
    def write(self, who, ends, areas, river):
        if river is None:
            self.written(who, ends, areas=areas)
        else:
            self.write_from_template(who, river)

    def written(self, who, ends, *, areas):
        new = {} if areas else {"areas": (), "simple_polygons": ()}
        return self.keep(
            self.attempt(self.world.draft, created_by=self.person(who).id, finishes_at=self.later(ends), **new)
        )

    def write_from_template(self, who, river):
        new = NewBroadcastMessage(
            self.world.service.id,
            self.person(who).id,
            template_id=self.template.id,
            personalisation={"river": river} if river else {},
            areas=("Thorne",),
            simple_polygons=(INLAND,),
        )
        self.keep(self.attempt(self.world.create, new))

    def keep(self, message):
        if message is not None:
            self.messages.append(message)
        return message

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), who=PEOPLE)
    def edit(self, data, who):
        message = self.any_message(data)
        changes = data.draw(
            st.sampled_from(
                [
                    {"content": "Leave at once."},
                    {"areas": ("Hull",), "simple_polygons": (INLAND,)},
                    {"areas": ("Hull",)},
                    {"finishes_at": self.later(timedelta(hours=5))},
                    {"personalisation": {"river": "Trent"}},
                ]
            )
        )
        self.edit_by(message, who, changes)

    def edit_by(self, message, who, changes):
        if edited := self.attempt(self.world.edited, message, by=self.person(who), **changes):
            self.editors.setdefault(message.id, set()).add(self.person(who).id)
            assert message.status in EDITABLE
            assert who in MEMBERS
            assert edited.status in {S.DRAFT, S.REJECTED}
            assert ("areas" in changes) is ("simple_polygons" in changes)

    # Approving and cancelling

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), status=st.sampled_from(list(S)), who=PEOPLE)
    def ask(self, data, status, who):
        self.move(self.any_message(data), status, who)

    def move(self, message, status, who):
        moved = self.attempt(self.world.move, message, status, self.person(who))
        if moved is not None and status is S.BROADCASTING and self.world.service.restricted:
            self.rehearsed.add(message.id)
        return moved

    @rule(data=st.data(), hours=st.sampled_from([None, 1, 20]))
    def put_on_air(self, data, hours):
        """The right way, by whoever may."""
        message = self.any_message(data, *EDITABLE)
        if message is None and len(self.messages) < MOST_MESSAGES:
            ends = None if hours is None else self.later(timedelta(hours=hours))
            message = self.keep(self.attempt(self.world.draft, finishes_at=ends))
        if message is not None:
            self.move(message, S.PENDING_APPROVAL, "author")
            for who in MEMBERS:
                self.move(message, S.BROADCASTING, who)

    @precondition(Stage.is_live)
    @rule(data=st.data(), who=st.sampled_from([*MEMBERS, "admin"]))
    def cancel(self, data, who):
        self.move(self.any_message(data, S.BROADCASTING), S.CANCELLED, who)

    # Revising

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), who=PEOPLE)
    def propose(self, data, who):
        message = self.any_message(data)
        changes = data.draw(
            st.sampled_from(
                [
                    {"content": "Stay upstairs."},
                    {"content": " "},
                    {"areas": ("Goole",), "simple_polygons": (INLAND,)},
                    {"areas": (), "simple_polygons": ()},
                    {"simple_polygons": (INLAND,)},
                    {"finishes_at": message.created_at},
                    {"finishes_at": self.later(timedelta(hours=4))},
                    {"content": "It rises still.", "finishes_at": self.later(timedelta(hours=20))},
                    {"finishes_at": self.later(timedelta(hours=23))},
                ]
            )
        )
        if self.attempt(self.world.proposed, message, by=self.person(who), **changes):
            assert message.status is S.BROADCASTING
            assert who in MEMBERS
            assert ("areas" in changes) is ("simple_polygons" in changes)

    @precondition(lambda self: any(self.world.revisions(message) for message in self.messages))
    @rule(data=st.data(), status=st.sampled_from([R.APPROVED, *R]), who=PEOPLE)
    def decide(self, data, status, who):
        revisions = [one for message in self.messages for one in self.world.revisions(message)]
        self.decide_on(self.any_of(data, revisions), status, who)

    def decide_on(self, revision, status, who):
        if self.attempt(self.world.decided, revision, status, self.person(who)):
            assert revision.status is R.PENDING_APPROVAL
            assert who in MEMBERS
            message = next(one for one in self.messages if one.id == revision.broadcast_message_id)
            # What is really on air is no practice, whatever mode the service is in by now.
            if self.world.service.restricted and message.stubbed is not None:
                self.rehearsed.add(revision.id)

    @precondition(Stage.is_live)
    @rule(data=st.data(), later=st.booleans())
    def revise(self, data, later):
        """The right way, by whoever may."""
        message = self.any_message(data, S.BROADCASTING)
        changes = {"finishes_at": message.finishes_at + timedelta(minutes=30)} if later else {}
        self.attempt(self.world.proposed, message, content="Stay upstairs.", **changes)
        for revision in self.world.revisions(message):
            for who in MEMBERS:
                self.decide_on(revision, R.APPROVED, who)

    # What others decide about the service

    @rule(wanted=SERVICES)
    def set_service(self, wanted):
        settings = {key: value for key, value in wanted.items() if key in {"channel", "provider"}}
        self.world.put_service(active=wanted.get("active", True), restricted=wanted.get("restricted", False))
        self.world.put_settings(**settings)

    @rule(enabled=st.sampled_from([NETWORKS, NETWORKS, NETWORKS, NETWORKS[:2], NETWORKS[1:], NETWORKS[3:], ()]))
    def enable_networks(self, enabled):
        self.world.networks.enable(*enabled)

    @rule()
    def the_database_is_away(self):
        self.hiccup = True

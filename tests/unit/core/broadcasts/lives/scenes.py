"""What comes together seldom else: each scene leads to a moment at which a rule is needed, and plays on from there."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from notify_core.broadcasts.model import Assumption
from notify_core.broadcasts.policies.remedies import Replay
from notify_core.broadcasts.states import MessageStatus as S
from notify_core.broadcasts.states import RevisionStatus as R
from tests.unit.core.broadcasts.lives.agency import Agency
from tests.unit.core.broadcasts.lives.operators import Operators
from tests.unit.core.broadcasts.lives.people import ENDS, INLAND, PEOPLE, SERVICES
from tests.unit.core.broadcasts.lives.stage import MOST_MESSAGES, NETWORKS
from tests.unit.core.broadcasts.lives.workers import NETWORK, TROUBLE, Workers

EVERYBODY = ("stranger", "admin", "author", "approver")
NEWS = st.sampled_from(["cancel", "revise", "revise"])
AT_THE_WRONG_MOMENT = st.sampled_from([{"active": False}, {"restricted": True}])


class Scenes(Agency, Workers, Operators):
    @initialize(data=st.data(), begins=st.sampled_from(["on air", "on air", "on air", "practice", "nothing"]))
    def how_it_begins(self, data, begins):
        if begins == "nothing":
            return
        self.set_service({"restricted": begins == "practice"})
        self.put_on_air(data, None)

    # What people try

    @precondition(lambda self: len(self.messages) < MOST_MESSAGES)
    @rule(
        who=PEOPLE, editor=st.sampled_from([None, *EVERYBODY]), ends=ENDS, areas=st.booleans(), exercise=st.booleans()
    )
    def everybody_tries_to_approve_it(self, who, editor, ends, areas, exercise):
        if exercise:
            message = self.keep(self.post("Alert", None, status="Exercise"))
        else:
            message = self.written(who, ends, areas=areas)
        if message is None:
            return
        if editor is not None:
            self.attempt(self.world.edited, message, by=self.person(editor), content="Leave at once.")
        self.move(message, S.PENDING_APPROVAL, "author")
        for somebody in EVERYBODY:
            self.move(message, S.BROADCASTING, somebody)
            self.move(message, S.COMPLETED, somebody)

    @precondition(lambda self: self.is_live())
    @rule(
        data=st.data(),
        who=PEOPLE,
        end=st.sampled_from([None, -0.5, 0.5, 18, 20]),
        areas=st.sampled_from([None, (), (INLAND,)]),
    )
    def everybody_tries_to_approve_its_revision(self, data, who, end, areas):
        """``end``: hours after the end that it has."""
        message = self.any_message(data, S.BROADCASTING)
        changes = {} if areas is None else {"areas": ("Goole",) * len(areas), "simple_polygons": areas}
        changes |= {} if end is None else {"finishes_at": message.finishes_at + timedelta(hours=end)}
        self.attempt(self.world.proposed, message, by=self.person(who), **changes)
        for revision in self.world.revisions(message):
            for somebody in EVERYBODY:
                self.decide_on(revision, R.APPROVED, somebody)

    # What happens between an approval and its task

    @rule(data=st.data(), news=NEWS, wanted=AT_THE_WRONG_MOMENT, again=SERVICES)
    def the_service_is_stopped_before_the_workers_come(self, data, news, wanted, again):
        self.there_is(data, news)
        self.set_service(wanted)
        self.workers_work(backwards=False, times=2)
        self.set_service(again)

    @rule(data=st.data(), news=NEWS, enabled=st.sampled_from([NETWORKS[:2], NETWORKS[1:], ()]))
    def networks_are_disabled_before_the_workers_come(self, data, news, enabled):
        self.there_is(data, news)
        self.enable_networks(enabled)
        self.workers_work(backwards=False, times=2)
        self.put_on_air(data, None)
        self.enable_networks(NETWORKS)

    def there_is(self, data, news):
        """Something that is to go out: the first alert, or what follows the one on air."""
        if not self.is_live():
            self.set_service({})
            self.put_on_air(data, None)
        elif news == "cancel":
            self.cancel(data, "approver")
        else:
            self.revise(data, later=True)

    # Trouble, and what operators do about it

    @rule(data=st.data(), network=NETWORK, what=TROUBLE, times=st.sampled_from([1, None]), news=NEWS)
    def there_is_news_while_a_network_is_in_trouble(self, data, network, what, times, news):
        """An instruction of which nobody knows whether it was heard, and the next."""
        self.begin_trouble(data, network, what, times)
        if self.is_live():
            self.there_is(data, news)
            self.workers_work(backwards=True, times=2)

    @rule(
        data=st.data(),
        network=NETWORK,
        what=TROUBLE,
        assume=st.sampled_from(Assumption),
        seconds=st.sampled_from([0, 301, 5 * 3600]),
        news=NEWS,
    )
    def an_operator_settles_what_nobody_knows(self, data, network, what, *, assume, seconds, news):
        self.begin_trouble(data, network, what, None)
        if not self.is_live():
            return
        self.there_is(data, "revise")
        self.workers_work(backwards=True, times=2)
        self.time_passes(seconds)
        for command in [
            Replay(event.id, network, assume) for event in self.made.values() if network in event.providers
        ]:
            if self.is_honest(command):
                self.replay(command)
        self.there_is(data, news)
        self.networks_answer_at_last()
        self.network_recovers(network)
        self.workers_work(backwards=False, times=2)

    @rule(data=st.data(), network=NETWORK)
    def a_network_is_away_for_an_hour(self, data, network):
        self.begin_trouble(data, network, "fails", None)
        for _ in range(12):
            self.world.advance(timedelta(minutes=5))
            self.world.run()

    def begin_trouble(self, data, network, what, times):
        if not self.is_live():
            self.there_is(data, "revise")
        else:
            self.revise(data, later=True)
        self.network_is_in_trouble(network, None, times, what)
        self.workers_work(backwards=False, times=2)

    def networks_answer_at_last(self):
        while self.world.networks.crew.waiting:
            self.world.go_on(self.world.networks.crew.waiting[0], None)

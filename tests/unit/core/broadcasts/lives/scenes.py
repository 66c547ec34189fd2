"""What comes together seldom else: each scene leads to a moment at which a rule is needed, and plays on from there."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from notify_core.broadcasts.model import Assumption
from notify_core.broadcasts.states import MessageStatus as S
from notify_core.broadcasts.states import RevisionStatus as R
from tests.unit.core.broadcasts.lives.agency import Agency
from tests.unit.core.broadcasts.lives.operators import Operators
from tests.unit.core.broadcasts.lives.people import INLAND, PEOPLE, SERVICES
from tests.unit.core.broadcasts.lives.stage import MOST_MESSAGES, NETWORKS
from tests.unit.core.broadcasts.lives.workers import NETWORK, TROUBLE, Workers

EVERYBODY = ("stranger", "admin", "author", "approver")
AUTHORS = st.sampled_from(["author", "author", "approver", "stranger"])
EDITORS = st.sampled_from([None, *EVERYBODY, "approver"])
EDITS = st.sampled_from([{"content": "Leave at once."}, {"areas": ("Hull",)}, {"simple_polygons": (INLAND,)}])
KINDS = st.sampled_from(["", "", "no areas", "exercise"])
SOON = st.sampled_from([None, None, timedelta(minutes=3), timedelta(minutes=6), timedelta(hours=3)])
TRIES = st.tuples(AUTHORS, EDITORS, EDITS, SOON, KINDS)
NEWS = st.sampled_from(["cancel", "revise", "revise"])
AT_THE_WRONG_MOMENT = st.sampled_from([{"active": False}, {"restricted": True}])


class Scenes(Agency, Workers, Operators):
    @initialize(data=st.data(), begins=st.sampled_from(["on air", "on air", "practice", "tried", "tried"]), tried=TRIES)
    def how_it_begins(self, data, begins, tried):
        self.set_service({"restricted": begins == "practice"})
        if begins == "tried":
            self.everybody_tries(*tried)
        else:
            self.put_on_air(data, None)

    # What people try

    @precondition(lambda self: len(self.messages) < MOST_MESSAGES)
    @rule(tried=TRIES)
    def everybody_tries_to_approve_it(self, tried):
        self.everybody_tries(*tried)

    def everybody_tries(self, who, editor, changes, ends, kind):
        if kind == "exercise":
            message = self.keep(self.post("Alert", None, status="Exercise"))
        else:
            message = self.written(who, ends, areas=kind != "no areas")
        if message is None:
            return
        if editor is not None:
            self.edit_by(message, editor, changes)
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
        restricted=st.booleans(),
    )
    def everybody_tries_to_approve_its_revision(self, data, who, end, *, areas, restricted):
        """``end``: hours after the end that it has."""
        self.set_service({"restricted": restricted})
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
        self.set_service({"provider": "three"})
        self.put_on_air(data, None)
        self.enable_networks(NETWORKS)

    def there_is(self, data, news):
        """Something that is to go out: the first alert, or what follows the one on air."""
        if not self.is_live():
            self.set_service({})
            self.put_on_air(data, None)
        elif news == "cancel":
            self.attempt(self.world.proposed, self.any_message(data, S.BROADCASTING))
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
        seconds=st.sampled_from([0, 301, 15_000]),
        news=NEWS,
    )
    def an_operator_settles_what_nobody_knows(self, data, network, what, *, assume, seconds, news):
        self.begin_trouble(data, network, what, None)
        if not self.is_live():
            return
        self.there_is(data, "revise")
        self.workers_work(backwards=True, times=2)
        self.time_passes(seconds)
        shown = [one for _, state in self.stuck() if state.provider == network for one in self.commands(state)]
        true = [one for one in shown if one.assume is assume and self.is_honest(one)]
        if true:
            # Only a call that may still be under way is a reason to refuse it.
            assert self.replay(true[0]) or seconds < 300
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

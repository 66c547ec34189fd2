"""What workers, their queues and the networks do; and time."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from notify_core.broadcasts.model import Route
from notify_core.broadcasts.tasks import (
    CompleteExpiredBroadcasts,
    SendBroadcastEvent,
    SendBroadcastProviderMessage,
    TriggerLinkTests,
)
from tests.unit.core.broadcasts.lives.stage import NETWORKS, Stage

NETWORK = st.sampled_from(NETWORKS)
ROUTE = st.sampled_from([None, *Route])
TROUBLE = st.sampled_from(["fails", "loses its answers", "hangs", "hears and hangs"])
# A send that finds no answer on its first route has three: its copy, the first's failure, and how it ended.
COMMITS = st.integers(0, 3)


class Workers(Stage):
    def __init__(self, world):
        super().__init__(world)
        # Whatever was ever due: a queue may bring it again at any time.
        self.rows = []

    # Networks

    @rule(network=NETWORK, route=ROUTE, times=st.sampled_from([1, 2, None]), what=TROUBLE)
    def network_is_in_trouble(self, network, route, times, what):
        networks = self.world.networks
        match what:
            case "fails":
                networks.fail(network, route, times)
            case "loses its answers":
                networks.lose_acknowledgement(network, route, times)
            case "hangs":
                networks.hang(network, route or Route.FIRST, heard=False)
            case "hears and hangs":
                networks.hang(network, route or Route.FIRST, heard=True)

    @rule(network=NETWORK)
    def network_recovers(self, network):
        self.world.networks.recover(network)

    @precondition(lambda self: self.world.networks.crew.waiting)
    @rule(data=st.data(), dies_after=st.sampled_from([None, None, 0, 1]))
    def network_answers_at_last(self, data, dies_after):
        self.world.go_on(self.any_of(data, self.world.networks.crew.waiting), dies_after)

    @precondition(lambda self: self.world.networks.crew.waiting)
    @rule(data=st.data())
    def worker_dies_while_its_call_hangs(self, data):
        self.world.networks.kill(self.any_of(data, self.world.networks.crew.waiting))

    @precondition(lambda self: self.world.networks.orphans)
    @rule(data=st.data())
    def network_hears_what_a_dead_worker_sent(self, data):
        self.world.networks.arrive(self.any_of(data, self.world.networks.orphans))

    # Workers

    @rule(backwards=st.booleans(), times=st.integers(1, 2))
    def workers_work(self, backwards, times):
        self.note_rows()
        self.world.run(backwards=backwards, times=times)

    @rule(data=st.data())
    def one_task_is_done_before_others(self, data):
        self.world.run_one(lambda due: self.any_of(data, due))

    @rule(commits=COMMITS)
    def workers_die(self, commits):
        self.note_rows()
        self.world.run_and_die(commits)

    @rule(commits=COMMITS)
    def the_database_is_away_meanwhile(self, commits):
        self.world.storage.falters_after = commits
        self.world.run()
        self.world.storage.falters_after = None

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def a_queue_brings_a_message_again(self, data):
        self.world.run_row(self.any_of(data, self.rows))

    def note_rows(self):
        self.rows += [row.id for row in self.world.rows() if row.id not in self.rows]

    @precondition(lambda self: self.queued)
    @rule(data=st.data())
    def a_task_is_enqueued_again(self, data):
        event = self.any_event(data)
        provider = data.draw(st.sampled_from(event.providers))
        self.enqueue(SendBroadcastEvent(event.id), SendBroadcastProviderMessage(event.id, provider))

    def enqueue(self, *tasks):
        with self.world.storage() as work:
            for task in tasks:
                work.enqueue(task)
            work.commit()

    # Time

    @rule(seconds=st.sampled_from([1, 61, 200, 301, 400, 3600, 5 * 3600]))
    def time_passes(self, seconds):
        self.world.advance(timedelta(seconds=seconds))

    @rule()
    def what_expired_is_completed(self):
        self.enqueue(CompleteExpiredBroadcasts())
        self.world.run(CompleteExpiredBroadcasts)

    @rule()
    def links_are_tested(self):
        self.enqueue(TriggerLinkTests())

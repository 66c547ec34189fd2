from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from notify_adapters.task_queue.bundles import SPREAD, bundles
from notify_core.kernel.queues import PRIORITY, SEND_SMS
from notify_core.ports.task_queue import Publication


def rows(count, *, together, task="deliver_sms", queue=SEND_SMS):
    return [Publication(UUID(int=number), task, queue, None, together) for number in range(count)]


def sizes(publications):
    return [len(bundle) for bundle in bundles(publications)]


def test_few_rows_go_their_own_ways():
    assert sizes(rows(SPREAD, together=10)) == [1] * SPREAD
    assert sizes([]) == []


def test_a_crowd_travels_together():
    assert sizes(rows(10 * SPREAD, together=10)) == [10] * SPREAD
    assert sizes(rows(200, together=10)) == [10] * 20


def test_work_that_goes_alone_goes_alone_in_a_crowd_too():
    assert sizes(rows(200, together=1)) == [1] * 200


@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.sampled_from(["a", "b"]), st.sampled_from([SEND_SMS, PRIORITY])), max_size=6
    ),
    st.integers(1, 12),
)
def test_rows_keep_their_order_and_share_only_with_their_like(groups, together):
    published = [row for count, task, queue in groups for row in rows(count, together=together, task=task, queue=queue)]
    found = list(bundles(published))
    assert [row for bundle in found for row in bundle] == published
    assert all(len({(row.task, row.queue) for row in bundle}) == 1 for bundle in found)
    assert all(len(bundle) <= together for bundle in found)

from uuid import UUID, uuid4

from notify_core.kernel import events, ids, trace


def test_each_id_is_a_uuid_at_run_time():
    kinds = [kind for kind in vars(ids).values() if hasattr(kind, "__supertype__")]
    assert len(kinds) > 10
    for kind in kinds:
        assert kind.__supertype__ is UUID
        assert kind(value := uuid4()) is value


def test_no_request_is_under_way_at_first():
    assert trace.request_id.get() is None


def test_events_without_facts_are_the_same():
    assert events.DomainEvent() == events.DomainEvent()

from notify_core.kernel import queues


def test_the_list_of_queues_has_each_queue_once():
    named = [value for name, value in vars(queues).items() if name.isupper() and isinstance(value, str)]
    assert sorted(named) == sorted(queues.ALL_QUEUES)
    assert len(set(named)) == len(named)
